using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace CioOrleans.Console;

/// <summary>The scripts, styles and pictures of the pages. They are in the assembly, so nothing is loaded from elsewhere.</summary>
internal static class ConsoleAssets
{
    private static readonly FrozenDictionary<string, Asset> _all = new[] { "blazor.web.js", "console.css", "theme.js", "icon.svg" }.ToFrozenDictionary(name => name, Read);

    /// <summary>The address of an asset below the console. It changes with the content, so the browser may keep it.</summary>
    public static string Url(string name) => $"assets/{name}?v={_all[name].Version}";

    public static void MapAssets(this IEndpointRouteBuilder routes) => routes.MapGet("/assets/{name}", (string name, HttpContext http) =>
    {
        if (!_all.TryGetValue(name, out var asset))
        {
            return Results.NotFound();
        }

        if (http.Request.Query["v"] == asset.Version)
        {
            http.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        }

        http.Response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (!http.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
        {
            return Results.Bytes(asset.Bytes, asset.Type);
        }

        http.Response.Headers.ContentEncoding = "gzip";
        return Results.Bytes(asset.Zipped.Value, asset.Type);
    });

    private static Asset Read(string name)
    {
        using var stream = typeof(ConsoleAssets).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new Asset(
            bytes,
            Path.GetExtension(name) switch { ".js" => "text/javascript; charset=utf-8", ".css" => "text/css; charset=utf-8", _ => "image/svg+xml" },
            WebEncoders.Base64UrlEncode(SHA256.HashData(bytes))[..12],
            new Lazy<byte[]>(() => Zip(bytes)));
    }

    private static byte[] Zip(byte[] bytes)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return zipped.ToArray();
    }

    private sealed record Asset(byte[] Bytes, string Type, string Version, Lazy<byte[]> Zipped);
}
