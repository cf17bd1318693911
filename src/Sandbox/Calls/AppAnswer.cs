using System.Globalization;
using System.Text.Json;

namespace CioOrleans.Sandbox.Calls;

/// <summary>The two forms of the App API's errors.</summary>
internal static class AppAnswer
{
    /// <summary>The error of a send or a broadcast.</summary>
    public static Answer MetaError(int status, string error) => new(status, JsonSerializer.SerializeToUtf8Bytes(new { meta = new { error } }));

    /// <summary>The error of every other request.</summary>
    public static Answer Error(int status, string detail) =>
        new(status, JsonSerializer.SerializeToUtf8Bytes(new { errors = new[] { new { detail, status = status.ToString(CultureInfo.InvariantCulture) } } }));
}
