namespace CioOrleans.Api.Track;

/// <summary>A path of the Track API with its one or two methods.</summary>
internal sealed class TrackPath(params TrackOperation[] operations)
{
    /// <summary>The methods, as an <c>Allow</c> header lists them.</summary>
    public string Allow { get; } = string.Join(", ", operations.Select(o => o.Method));

    public TrackOperation? Find(string method)
    {
        foreach (var operation in operations)
        {
            if (operation.Method == method)
            {
                return operation;
            }
        }

        return null;
    }
}
