namespace CioOrleans.Testing.Processes;

/// <summary>Sends what belongs to the admin listener of a process there, and everything else where its client points.</summary>
/// <param name="admin">Where the admin listener is; asked at each such request.</param>
public sealed class AdminRoute(Func<Uri> admin) : DelegatingHandler(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromMinutes(10) })
{
    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri!.AbsolutePath is var path && (path.StartsWith("/admin", StringComparison.Ordinal) || path == "/metrics"))
        {
            request.RequestUri = new Uri(admin(), request.RequestUri.PathAndQuery);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
