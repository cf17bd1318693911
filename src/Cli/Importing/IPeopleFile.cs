using System.Buffers;

namespace CioOrleans.Cli.Importing;

/// <summary>A file of people, read from its beginning, row after row.</summary>
internal interface IPeopleFile : IDisposable
{
    /// <summary>Goes to the next row. False behind the last one.</summary>
    bool Read();

    /// <summary>Writes the row as a line of <c>/bulk/identify</c>, with its end.</summary>
    void Write(IBufferWriter<byte> output);
}
