using System.Text;

namespace CioOrleans.Api.Admin;

/// <summary>Reads the bodies of admin requests. The admin listener limits their size and their slowness.</summary>
internal static class AdminBody
{
    /// <summary>Reads the first characters of the body, which stays to be read.</summary>
    public static async Task<string> PeekAsync(HttpContext http, int maxCharacters)
    {
        http.Request.EnableBuffering();
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8, leaveOpen: true);
        var start = new char[maxCharacters];
        var length = await reader.ReadBlockAsync(start, http.RequestAborted);
        http.Request.Body.Position = 0;
        return new string(start, 0, length);
    }

    /// <summary>Reads the whole body.</summary>
    public static async Task<byte[]> ReadAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        return body.ToArray();
    }
}
