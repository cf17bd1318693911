using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CioOrleans.Api.Guarding;

/// <summary>Configures the server to keep the bytes of headers, and puts the guard in front of all endpoints.</summary>
public static class GuardExtensions
{
    /// <summary>
    /// Reads and writes header values as Latin-1, one character per byte, so that their bytes are sent on unchanged. Request headers that are compared
    /// with text of this process are read as UTF-8.
    /// </summary>
    public static void KeepHeaderBytes(this KestrelServerOptions kestrel)
    {
        kestrel.RequestHeaderEncodingSelector = name =>
            name.Equals("Connection", StringComparison.OrdinalIgnoreCase) ? ConnectionEncoding.Instance
            : name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) || name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || name.Equals("Idempotency-Key", StringComparison.OrdinalIgnoreCase) ? null
            : Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
    }

    /// <summary>Adds the guard. Call it before you map anything else.</summary>
    public static WebApplication UseRequestGuard(this WebApplication app)
    {
        app.UseMiddleware<ApiGuard>();
        return app;
    }
}
