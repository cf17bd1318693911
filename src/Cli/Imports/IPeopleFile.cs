using System.Buffers;

namespace CioOrleans.Cli.Imports;

/// <summary>A file of people that is read row by row.</summary>
internal interface IPeopleFile : IDisposable
{
    /// <summary>Moves to the next row. False after the last one.</summary>
    bool Read();

    /// <summary>Writes the row as a line of <c>/bulk/identify</c>, with a line feed.</summary>
    void Write(IBufferWriter<byte> output);
}
