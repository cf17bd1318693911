using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace CioOrleans.Silo.Observability;

/// <summary>The formatter that <see cref="RedactedFormatter"/> wraps.</summary>
internal sealed class RedactedFormatterOptions : ConsoleFormatterOptions
{
    public string Inner { get; set; } = ConsoleFormatterNames.Simple;
}

/// <summary>
/// Removes customers from the output of another formatter: Orleans names the grain in each warning about a call, and the grain's key names the customer.
/// </summary>
internal sealed partial class RedactedFormatter(IServiceProvider services, IOptions<RedactedFormatterOptions> options) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "redacted";

    private readonly Lazy<ConsoleFormatter> _inner = new(() => services.GetServices<ConsoleFormatter>().Single(formatter => formatter.Name == options.Value.Inner));

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        using var text = new StringWriter();
        _inner.Value.Write(logEntry, scopeProvider, text);
        textWriter.Write(Redact(text.ToString()));
    }

    /// <summary>Keeps the workspace of <c>customer/acme/id:42</c>. A grain's key holds none of the characters that end it here.</summary>
    public static string Redact(string text) =>
        text.Contains("customer/", StringComparison.Ordinal) ? Customer().Replace(text, "customer/$1/...") : text;

    [GeneratedRegex("""\bcustomer/([A-Za-z0-9._-]+)/[^\s"'\\<>()\[\]{},;]+""")]
    private static partial Regex Customer();
}
