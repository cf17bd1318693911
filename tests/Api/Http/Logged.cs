using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace CioOrleans.Api.Tests.Http;

/// <summary>What a server with a fake log has logged.</summary>
internal static class Logged
{
    /// <summary>Fails with all lines of the level and above, whole.</summary>
    public static void AssertNothing(WebApplication app, LogLevel level)
    {
        var lines = app.Services.GetFakeLogCollector().GetSnapshot().Where(line => line.Level >= level).ToArray();
        Assert.True(lines.Length == 0, string.Join('\n', lines.Select(line => $"{line} {line.Exception}")));
    }
}
