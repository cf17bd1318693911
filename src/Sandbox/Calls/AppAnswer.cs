using System.Globalization;
using System.Text.Json;

namespace CioOrleans.Sandbox.Calls;

/// <summary>The two shapes in which the App API reports an error.</summary>
internal static class AppAnswer
{
    /// <summary>Of sends and broadcasts.</summary>
    public static Answer MetaError(int status, string error) => new(status, JsonSerializer.SerializeToUtf8Bytes(new { meta = new { error } }));

    /// <summary>Of everything else.</summary>
    public static Answer Error(int status, string detail) =>
        new(status, JsonSerializer.SerializeToUtf8Bytes(new { errors = new[] { new { detail, status = status.ToString(CultureInfo.InvariantCulture) } } }));
}
