using CioOrleans.Cli.Imports;

namespace CioOrleans.Cli.Output;

/// <summary>Shows the progress of an import.</summary>
internal interface IImportView
{
    void OnAccepted(ImportState state);

    void OnProgress(ImportProgress progress);

    /// <summary>Shows why the import does not progress.</summary>
    void Note(string text);
}
