using CioOrleans.Client.Operating;
using CioOrleans.Refusing;
using Microsoft.OpenApi;

namespace CioOrleans.Api.Admin;

/// <summary>Lists, shows and deletes the refused calls of a workspace.</summary>
internal sealed class AdminRefusedCalls(IGrainFactory grains, TimeProvider time)
{
    /// <summary>Confirms that all refused calls are meant.</summary>
    public static AdminParameter All { get; } = new("all", JsonSchemaType.Boolean, "Must be true: all refused calls of the workspace are meant.");

    public async Task<IResult> List(string workspace, HttpRequest request) => AdminPage.TryRead(request, out var before, out var limit, out var error)
        ? AdminAnswer.Ok(RefusedCallList.Of(await Calls(workspace).Read(before, limit), limit), AdminJson.Readable.RefusedCallList)
        : error;

    public async Task<IResult> Get(string workspace, string id) => Ulid.TryParse(id, out var call) && await Calls(workspace).Find(call) is { } found
        ? AdminAnswer.Ok(RefusedCallAnswer.WithBody(found), AdminJson.Readable.RefusedCallAnswer)
        : NotFound(id);

    public Task<IResult> Delete(string workspace, string id) => AdminAnswer.StoringAsync(async () => Ulid.TryParse(id, out var call) && await Calls(workspace).Delete(call)
        ? AdminAnswer.Ok(new Done(call.ToString()), AdminJson.Readable.Done)
        : NotFound(id));

    /// <summary>Deletes all refused calls of the workspace. Needs <c>all=true</c>.</summary>
    public Task<IResult> DeleteAll(string workspace, HttpRequest request) => AdminAnswer.StoringAsync(async () =>
        bool.TryParse(request.Query["all"].ToString(), out var all) && all
            ? AdminAnswer.Ok(RefusedEraseAnswer.Of(await EraseAsync(workspace, null, isPreview: false)), AdminJson.Readable.RefusedEraseAnswer)
            : AdminAnswer.Error(StatusCodes.Status400BadRequest, "Name one call by its id, or send all=true for every refused call of the workspace."));

    /// <summary>Deletes or counts the refused calls that name a person, or all.</summary>
    /// <exception cref="IOException">The change could not be stored.</exception>
    public async Task<ErasedCalls> EraseAsync(string workspace, string? person, bool isPreview)
    {
        IRefusedCallGrain calls;
        try
        {
            calls = Calls(workspace);
        }
        catch (ArgumentException)
        {
            // During an upgrade no silo has this grain yet, and nothing has been kept.
            return new ErasedCalls(0, IsComplete: true);
        }

        return await new OperatorPatience(time).RepeatAsync(
            new ErasedCalls(0, IsComplete: false),
            async total =>
            {
                var part = await calls.Erase(person, isPreview);
                return part with { Count = total.Count + part.Count };
            },
            total => total.IsComplete);
    }

    private IRefusedCallGrain Calls(string workspace) => grains.GetGrain<IRefusedCallGrain>(workspace);

    private static IResult NotFound(string id) => AdminAnswer.Error(StatusCodes.Status404NotFound, $"There is no refused call '{id}'.");
}
