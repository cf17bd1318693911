using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using CioOrleans.Grains.Configuration;
using CioOrleans.Grains.RateLimiting;
using CioOrleans.Limits;

namespace CioOrleans.Silo.Configuration;

/// <summary>The formats of settings.</summary>
internal static class SettingFormats
{
    public static SettingFormat<bool> Flag { get; } = new("true or false", bool.TryParse);

    /// <summary>Names, ids.</summary>
    public static SettingFormat<string> Text { get; } = new("1 to 200 characters without white space", TryText);

    /// <summary>A Basic user name, which cannot hold a colon.</summary>
    public static SettingFormat<string> SiteId { get; } = new(
        "the workspace's Site ID: 1 to 200 visible ASCII characters without a colon",
        (string text, [MaybeNullWhen(false)] out string value) => TryVisibleAscii(text, out value) && !text.Contains(':', StringComparison.Ordinal));

    /// <summary>A path. If the text of a key is given instead, it is a secret.</summary>
    public static SettingFormat<string> PemFile { get; } = new(
        "the path of a PEM file",
        (string text, [MaybeNullWhen(false)] out string value) =>
        {
            value = text;
            return !text.Any(char.IsControl) && !IsPem(text);
        },
        IsSecret: IsPem);

    /// <summary>Keys are sent in a header and compared byte for byte, so white space in them is a mistake.</summary>
    public static SettingFormat<string> Secret { get; } = new("1 to 200 visible ASCII characters", TryVisibleAscii, IsSecret: _ => true);

    /// <summary>A key that is a Basic user name, which cannot hold a colon.</summary>
    public static SettingFormat<string> WriteKey { get; } = new(
        "1 to 200 visible ASCII characters without a colon",
        (string text, [MaybeNullWhen(false)] out string value) => TryVisibleAscii(text, out value) && !text.Contains(':', StringComparison.Ordinal),
        IsSecret: _ => true);

    /// <summary>A workspace's number at Customer.io.</summary>
    public static SettingFormat<string> WorkspaceId { get; } = new(
        "the workspace's number: 1 to 20 digits",
        (string text, [MaybeNullWhen(false)] out string value) =>
        {
            value = text;
            return text.Length is >= 1 and <= 20 && text.All(char.IsAsciiDigit);
        });

    /// <summary>A host. The text may hold a password before the host.</summary>
    public static SettingFormat<Uri> Host { get; } = new("http:// or https:// and a host, without path, query and user name", TryHost, IsSecret: text => text.Contains('@', StringComparison.Ordinal));

    /// <summary>An address to listen on; port 0 takes any free port.</summary>
    public static SettingFormat<Uri> Listener { get; } = new(
        "http:// and an IP address or localhost, with a port, such as 'http://127.0.0.1:5079'",
        TryListener,
        IsSecret: text => text.Contains('@', StringComparison.Ordinal));

    public static SettingFormat<IPAddress> Address { get; } = new(
        "an IP address other than 0.0.0.0 and ::",
        (string text, [MaybeNullWhen(false)] out IPAddress value) => IPAddress.TryParse(text, out value) && !value.Equals(IPAddress.Any) && !value.Equals(IPAddress.IPv6Any));

    public static SettingFormat<int> Whole(int min, int max) => new(
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"),
        (string text, out int value) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= min && value <= max);

    public static SettingFormat<double> Fraction(double min, double max) => new(
        string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}"),
        (string text, out double value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value >= min && value <= max);

    public static SettingFormat<TimeSpan> Duration(TimeSpan min, TimeSpan max) => new(
        $"a duration from {DurationText.Format(min)} to {DurationText.Format(max)}, such as '250ms', '1s' or '2m'",
        (string text, out TimeSpan value) => DurationText.TryParse(text, out value) && value >= min && value <= max);

    /// <summary>One limit.</summary>
    public static SettingFormat<RateLimit> Rate { get; } = new(
        "permits/window, such as '20/1s'",
        (string text, [MaybeNullWhen(false)] out RateLimit value) =>
        {
            var isOne = RateLimitParser.TryParse(text, out var limits) && limits.Count == 1;
            value = isOne ? limits![0] : default;
            return isOne;
        });

    /// <summary>A size in bytes, such as <c>500MB</c>.</summary>
    public static SettingFormat<long> Size { get; } = new("a size such as '500MB' or '2GB', or 0", TrySize);

    /// <summary>A size with a minimum, in bytes.</summary>
    public static SettingFormat<long> SizeOf(long min, string minText) => new(
        $"a size of at least {minText}, such as '256MB' or '2GB'", (string text, out long value) => TrySize(text, out value) && value >= min);

    /// <summary>A name of an enum's value. Its numbers are refused.</summary>
    public static SettingFormat<T> Choice<T>(params IReadOnlyList<T> among)
        where T : struct, Enum => new(
        string.Join(" or ", among),
        (string text, out T value) =>
        {
            var match = among.Select(choice => (T?)choice).FirstOrDefault(choice => string.Equals(choice.ToString(), text, StringComparison.OrdinalIgnoreCase));
            value = match ?? default;
            return match is not null;
        });

    private static bool IsPem(string text) => text.Contains("-----", StringComparison.Ordinal);

    private static bool TrySize(string text, out long value)
    {
        var (digits, unit) = text.EndsWith("GB", StringComparison.OrdinalIgnoreCase) ? (text[..^2], 1L << 30)
            : text.EndsWith("MB", StringComparison.OrdinalIgnoreCase) ? (text[..^2], 1L << 20)
            : (text, 0L);
        var isNumber = int.TryParse(digits.TrimEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out var count);
        value = count * unit;
        return isNumber && (unit > 0 || count == 0);
    }

    private static bool TryText(string text, [MaybeNullWhen(false)] out string value)
    {
        value = text;
        return text.Length is > 0 and <= 200 && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));
    }

    private static bool TryVisibleAscii(string text, [MaybeNullWhen(false)] out string value)
    {
        value = text;
        return text.Length is > 0 and <= 200 && text.All(c => c is > ' ' and <= '~');
    }

    private static bool TryListener(string text, [MaybeNullWhen(false)] out Uri value) =>
        TryHost(text, out value)
        && value.Scheme == Uri.UriSchemeHttp
        && (value.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 || (value.Host == "localhost" && value.Port != 0));

    private static bool TryHost(string text, [MaybeNullWhen(false)] out Uri value) =>
        Uri.TryCreate(text, UriKind.Absolute, out value)
        && (value.Scheme == Uri.UriSchemeHttp || value.Scheme == Uri.UriSchemeHttps)
        && value.PathAndQuery == "/"
        && value.Fragment.Length == 0
        && value.UserInfo.Length == 0;
}

/// <summary>The text form of one kind of setting.</summary>
/// <param name="Expected">The allowed values, as a phrase that follows "expected".</param>
/// <param name="TryParse">Parses the text; false if it is not allowed.</param>
/// <param name="IsSecret">Whether a text that is not allowed may be a secret and must not be shown; null if no text is a secret.</param>
internal sealed record SettingFormat<T>(string Expected, SettingFormat<T>.Parser TryParse, Predicate<string>? IsSecret = null)
{
    public delegate bool Parser(string text, [MaybeNullWhen(false)] out T value);
}
