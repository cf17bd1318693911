namespace CioOrleans.Sandbox.Limits;

/// <summary>A limit on the arrivals of some classes together, in one or more windows.</summary>
/// <param name="Classes">One or more; the classes share the limit.</param>
/// <param name="Windows">The windows, each of which must have room. Permits are at least 1; windows are longer than zero.</param>
public sealed record SandboxLimit(IReadOnlyList<EndpointClass> Classes, IReadOnlyList<(int Permits, TimeSpan Window)> Windows)
{
    /// <summary>The classes as in settings and reports, such as <c>identify,track</c>.</summary>
    public string Name => string.Join(',', Classes.Select(c => c.ToName()));

    /// <summary>A limit with one window.</summary>
    public static SandboxLimit Of(int permits, TimeSpan window, params EndpointClass[] classes) => new(classes, [(permits, window)]);

    /// <summary>Reads <c>identify,track=100/1s; batch=1000/1s,3000/3s; page=100/1s</c>; <c>all</c> means every class. Empty means no limit.</summary>
    /// <exception cref="FormatException">The text is invalid. The message says what is allowed.</exception>
    public static IReadOnlyList<SandboxLimit> Parse(string text) =>
        [.. text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(ParseOne)];

    private static SandboxLimit ParseOne(string text)
    {
        if (text.Split('=', StringSplitOptions.TrimEntries) is not [var classes, var windows])
        {
            throw Wrong(text);
        }

        return new SandboxLimit(ParseClasses(classes, text), [.. windows.Split(',').Select(w => ParseWindow(w, text))]);
    }

    private static IReadOnlyList<EndpointClass> ParseClasses(string names, string text) => names == "all"
        ? EndpointClassNames.All
        : [.. names.Split(',', StringSplitOptions.TrimEntries).Select(n => EndpointClassNames.TryParse(n, out var c) ? c : throw Wrong(text))];

    private static (int Permits, TimeSpan Window) ParseWindow(string window, string text) =>
        window.Split('/', StringSplitOptions.TrimEntries) is [var permits, var length]
        && int.TryParse(permits, out var count) && count > 0
        && Configuration.Duration.TryParse(length, out var span) && span > TimeSpan.Zero
            ? (count, span)
            : throw Wrong(text);

    private static FormatException Wrong(string text) =>
        new($"'{text}' is no limit; allowed is 'classes=permits/window', such as 'identify,track=100/1s', with the classes all, {string.Join(", ", EndpointClassNames.All.Select(c => c.ToName()))}");
}
