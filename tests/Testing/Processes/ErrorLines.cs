using System.Text.RegularExpressions;

namespace CioOrleans.Testing.Processes;

/// <summary>The lines of a process's output that tell of an error or an exception, in both formats of the log.</summary>
public static partial class ErrorLines
{
    /// <summary>
    /// A part of Kestrel's own line for malformed trailers of a body that no endpoint has read. It ends one connection of one caller. Its kind is shown once and summed up
    /// ten seconds later, so it must be excepted in all output of a dispatcher that has met such trailers.
    /// </summary>
    public const string DrainedTrailer = "automatic draining of the request body failed because the body reader is in an invalid state";

    /// <summary>The error lines, in their order.</summary>
    /// <param name="output">What the process has written.</param>
    /// <param name="except">Lines that contain this are left out; null for none.</param>
    public static IEnumerable<string> In(string output, string? except = null) =>
        output.Split('\n').Where(line => Error().IsMatch(line) && (except is null || !line.Contains(except, StringComparison.Ordinal)));

    /// <summary>Fails with all error lines, whole.</summary>
    /// <param name="output">What the process has written.</param>
    /// <param name="except">Lines that contain this are left out; null for none.</param>
    public static void AssertNone(string output, string? except = null)
    {
        var errors = string.Join('\n', In(output, except));
        Assert.True(errors.Length == 0, errors);
    }

    [GeneratedRegex("Exception|\"LogLevel\":\"(Error|Critical)\"|(^|Z )(fail|crit):")]
    private static partial Regex Error();
}
