using System.Text.Json;
using System.Text.Json.Serialization;
using CioOrleans.Grains.Leasing;
using CioOrleans.Grains.RateLimiting;

namespace CioOrleans.Grains.Workspaces;

/// <summary>The token schedules that an owner which stops in good order leaves for the next one.</summary>
/// <param name="Schedules">One a limit group.</param>
/// <param name="Age">How long ago they were made; rather too short than too long.</param>
internal sealed record InheritedTokens(IReadOnlyList<LimitSchedule> Schedules, TimeSpan Age)
{
    public static string Write(IReadOnlyList<LimitSchedule> schedules) => JsonSerializer.Serialize(schedules, InheritedTokensJson.Default.IReadOnlyListLimitSchedule);

    /// <summary>Null where there is none, or none that can be read: then the owner starts without tokens, as after a crash.</summary>
    public static InheritedTokens? Read(HandOver? lease, TimeSpan now)
    {
        if (lease is null)
        {
            return null;
        }

        try
        {
            var age = now - lease.ReleasedAt;
            return JsonSerializer.Deserialize(lease.Text, InheritedTokensJson.Default.IReadOnlyListLimitSchedule) is { } schedules
                ? new InheritedTokens(schedules, age > TimeSpan.Zero ? age : TimeSpan.Zero)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSerializable(typeof(IReadOnlyList<LimitSchedule>))]
internal sealed partial class InheritedTokensJson : JsonSerializerContext;
