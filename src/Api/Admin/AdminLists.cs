using CioOrleans.Operating;
using CioOrleans.Silo.Configuration;
using Microsoft.OpenApi;

namespace CioOrleans.Api.Admin;

/// <summary>Lists of a workspace that the store answers, and the settings of this process.</summary>
internal sealed class AdminLists(IGrainFactory grains, IConfiguration configuration)
{
    private readonly Lazy<SettingList> _settings = new(() => new SettingList([.. EffectiveSettings.Read(configuration).Select(SettingAnswer.Of)]));

    /// <summary>The parameter of a list without pages, for the admin document.</summary>
    public static IReadOnlyList<AdminParameter> Limit { get; } =
        [new("limit", JsonSchemaType.Integer, $"The most entries; 1 to {AdminPage.Max} (default: {AdminPage.Default}).")];

    /// <summary>The settings with which this process was started.</summary>
    public IResult GetSettings() => AdminAnswer.Ok(_settings.Value, AdminJson.Readable.SettingList);

    public Task<IResult> GetQueues(string workspace) => AskAsync(
        workspace, async lists => AdminAnswer.Ok(QueuesAnswer.Of(await lists.ReadQueues()), AdminJson.Readable.QueuesAnswer));

    public async Task<IResult> GetImports(string workspace, HttpRequest request) => AdminPage.TryRead(request, out var before, out var limit, out var error)
        ? await AskAsync(workspace, async lists => AdminAnswer.Ok(ImportListAnswer.Of(await lists.ReadImports(before, limit)), AdminJson.Readable.ImportListAnswer))
        : error;

    public async Task<IResult> GetAnsweredSends(string workspace, HttpRequest request) => AdminPage.TryRead(request, out var before, out var limit, out var error)
        ? await AskAsync(workspace, async lists => AdminAnswer.Ok(SendListAnswer.Of(await lists.ReadAnsweredSends(before, limit)), AdminJson.Readable.SendListAnswer))
        : error;

    public async Task<IResult> GetWaitingSends(string workspace, HttpRequest request) => AdminPage.TryReadLimit(request, AdminPage.Default, out var limit, out var error)
        ? await AskAsync(workspace, async lists => AdminAnswer.Ok(WaitingSendsAnswer.Of(await lists.ReadWaitingSends(limit)), AdminJson.Readable.WaitingSendsAnswer))
        : error;

    private async Task<IResult> AskAsync(string workspace, Func<IListGrain, Task<IResult>> ask)
    {
        try
        {
            return await ask(grains.GetGrain<IListGrain>(workspace));
        }
        catch (ArgumentException)
        {
            return AdminAnswer.Error(StatusCodes.Status503ServiceUnavailable, "No silo of this version has started yet, and earlier ones have no such list.");
        }
    }
}
