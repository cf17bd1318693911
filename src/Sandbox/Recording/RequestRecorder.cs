namespace CioOrleans.Sandbox.Recording;

/// <summary>Keeps the last requests.</summary>
/// <param name="capacity">How many requests are kept; 0 keeps none.</param>
internal sealed class RequestRecorder(int capacity)
{
    private readonly Queue<RecordedRequest> _requests = new();

    public bool IsOn => capacity > 0;

    /// <summary>The requests, oldest first.</summary>
    public IReadOnlyList<RecordedRequest> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public void Record(HttpRequest request, string rawTarget, ReadOnlyMemory<byte> body, int status, DateTimeOffset arrivedAt)
    {
        var headers = request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var recorded = new RecordedRequest(request.Method, rawTarget, headers, body.ToArray(), status, arrivedAt);
        lock (_requests)
        {
            if (_requests.Count == capacity)
            {
                _requests.Dequeue();
            }

            _requests.Enqueue(recorded);
        }
    }

    public void Clear()
    {
        lock (_requests)
        {
            _requests.Clear();
        }
    }
}
