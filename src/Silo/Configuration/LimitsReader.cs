using CioOrleans.Configuration;
using CioOrleans.Grains.RateLimiting;
using CioOrleans.Limits;

namespace CioOrleans.Silo.Configuration;

/// <summary>Reads <c>Limits</c>: each class has its own limits or shares the bucket of another class.</summary>
internal static class LimitsReader
{
    private static readonly LimitClass[] _classes = Enum.GetValues<LimitClass>();

    public static IReadOnlyList<LimitGroupSettings> Read(SettingsNode limits, LimitProfile profile)
    {
        var texts = new Dictionary<LimitClass, string>(LimitProfiles.Of(profile));
        var given = new HashSet<LimitClass>();
        foreach (var limitClass in _classes)
        {
            if (limits.ReadText(limitClass.ToName(), Expected(limitClass), texts[limitClass]) is { } text)
            {
                texts[limitClass] = text.Trim();
                given.Add(limitClass);
            }
        }

        limits.RefuseTheRest();
        return Group(texts, given, limits);
    }

    private static List<LimitGroupSettings> Group(Dictionary<LimitClass, string> texts, HashSet<LimitClass> given, SettingsNode limits)
    {
        var groups = new Dictionary<LimitClass, (IReadOnlyList<RateLimit> Limits, List<LimitClass> Classes)>();
        var circles = new HashSet<LimitClass>();
        foreach (var limitClass in _classes)
        {
            var way = WayToOwner(limitClass, texts);
            var owner = way[^1];
            if (LimitClassNames.TryParse(texts[owner], out var next))
            {
                RefuseCircle(way[way.IndexOf(next)..], texts, given, circles, limits);
            }
            else if (RateLimitParser.TryParse(texts[owner], out var parsed))
            {
                if (!groups.TryGetValue(owner, out var group))
                {
                    groups.Add(owner, group = (parsed, []));
                }

                group.Classes.Add(limitClass);
            }
            else if (owner == limitClass)
            {
                limits.Errors.Wrong(limits.PathOf(owner.ToName()), texts[owner], Expected(owner));
            }
        }

        return [.. groups.Values.Select(group => new LimitGroupSettings(group.Classes, group.Limits))];
    }

    /// <summary>The path from a class to the owner of its bucket, or, in a circle, to the last class before a repeat.</summary>
    private static List<LimitClass> WayToOwner(LimitClass limitClass, Dictionary<LimitClass, string> texts)
    {
        var way = new List<LimitClass> { limitClass };
        while (LimitClassNames.TryParse(texts[way[^1]], out var next) && !way.Contains(next))
        {
            way.Add(next);
        }

        return way;
    }

    /// <summary>Reports a circle once, at a class that the settings name. A profile by itself has no circle.</summary>
    private static void RefuseCircle(List<LimitClass> circle, Dictionary<LimitClass, string> texts, HashSet<LimitClass> given, HashSet<LimitClass> known, SettingsNode limits)
    {
        if (!known.Add(circle.Min()))
        {
            return;
        }

        var blamed = circle.Where(given.Contains).Min();
        var start = circle.IndexOf(blamed);
        var names = circle[start..].Concat(circle[..start]).Append(blamed).Select(limitClass => limitClass.ToName());
        limits.Errors.Wrong(
            limits.PathOf(blamed.ToName()),
            texts[blamed],
            $"a class with limits of its own at the end, but {string.Join(" → ", names)} is a circle");
    }

    private static string Expected(LimitClass limitClass) =>
        $"{RateLimitParser.Expected}, or another class whose bucket it shares: {string.Join(", ", _classes.Where(other => other != limitClass).Select(other => other.ToName()))}";
}
