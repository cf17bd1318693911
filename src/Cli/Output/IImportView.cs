using CioOrleans.Cli.Importing;

namespace CioOrleans.Cli.Output;

/// <summary>Shows people how far an import has come.</summary>
internal interface IImportView
{
    void OnAccepted(ImportState state);

    void OnProgress(ImportProgress progress);

    /// <summary>Something is in the way; the same again is not repeated.</summary>
    void Note(string text);
}
