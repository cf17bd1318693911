namespace CioOrleans.EndToEnd.Wire;

/// <summary>
/// Runs a script of an official SDK twice, straight at a recording server and through the dispatcher, and compares what arrives there and
/// what the SDK made of the answers. The script gets a base URL (with a slash at its end), the site id and the API key, makes its calls one
/// after the other, and writes a line for each.
/// </summary>
internal static class WireComparison
{
    /// <param name="script">Beside the SDKs, in <see cref="BuildPaths.NodeFolder"/>.</param>
    /// <param name="answer">How Customer.io would answer.</param>
    /// <param name="settings">More settings of the workspace, by their key below it.</param>
    public static async Task AssertSameAsync(string script, Func<WireRequest, (int Status, string Body)> answer, params (string Key, string Value)[] settings)
    {
        using var data = new DataFolder();
        await using var direct = await RecordingServer.StartAsync(answer);
        await using var behind = await RecordingServer.StartAsync(answer);

        var expected = await NodeSdk.RunAsync(script, $"{direct.Url}", Dispatcher.SiteId, Dispatcher.ApiKey);
        await using var dispatcher = await Dispatcher.StartAsync(data, behind.Url, settings);
        var actual = await NodeSdk.RunAsync(script, $"{dispatcher.Url}", Dispatcher.SiteId, Dispatcher.ApiKey);
        await dispatcher.WaitUntilEmptyAsync();

        Assert.NotEmpty(direct.Requests);
        Assert.Equal(expected, actual);
        Assert.Equal(TextOf(direct), TextOf(behind));
    }

    /// <summary>Calls of different customers may arrive in any order, so all are put into one.</summary>
    private static string TextOf(RecordingServer server) => string.Join(
        "\n\n-----\n\n", server.Requests.SelectMany(request => request.ToComparable()).Order(StringComparer.Ordinal));
}
