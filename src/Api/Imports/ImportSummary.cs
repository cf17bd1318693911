using CioOrleans.Client.Imports;

namespace CioOrleans.Api.Imports;

/// <summary>Counts the results of the people of one request.</summary>
internal sealed class ImportSummary
{
    public long Accepted { get; private set; }

    public long Invalid { get; private set; }

    public long Unavailable { get; private set; }

    public long Rows => Accepted + Invalid + Unavailable;

    public void Add(ImportResult result)
    {
        switch (result)
        {
            case ImportResult.Accepted:
                Accepted++;
                break;
            case ImportResult.Invalid:
                Invalid++;
                break;
            case ImportResult.Unavailable:
                Unavailable++;
                break;
        }
    }
}
