using System.Net;
using CioOrleans.Configuration;
using CioOrleans.Workspaces;

namespace CioOrleans.Api.Tests.App;

/// <summary>
/// The owner of a workspace does not answer, or its silo does not know the workspace that the front-end knows: while the settings of a cluster differ, or no silo
/// runs.
/// </summary>
public sealed class UnreachableOwnerTests
{
    public static TheoryData<Exception> Failures =>
    [
        new UnknownWorkspaceException("acme"),
        new TimeoutException("Response did not arrive on time."),
        new Orleans.Runtime.SiloUnavailableException("No silo is active."),
    ];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_send_is_answered_503_and_nothing_is_sent(Exception failure)
    {
        await using var front = await StartAsync(failure);

        using var response = await front.SendAsync();

        await AssertRefusedAsync(response, """{"meta":{"error":"The dispatcher cannot send at the moment. Nothing was sent. Try again."}}""");
        AssertNothingArrived(front);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_forwarded_request_is_answered_503_and_nothing_is_sent(Exception failure)
    {
        await using var front = await StartAsync(failure);

        using var response = await front.Caller.GetAsync(new Uri("/v1/segments", UriKind.Relative));

        await AssertRefusedAsync(response, """{"errors":[{"detail":"The dispatcher cannot forward requests at the moment. Try again.","status":"503"}]}""");
        AssertNothingArrived(front);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_send_behind_a_customer_whose_grain_does_not_answer_is_answered_503_and_nothing_is_sent(Exception failure)
    {
        await using var front = await AppFront.StartAsync(customer: (_, _) => throw failure);

        using var response = await front.SendAsync(headers: ("X-Dispatch-After", "customer"));

        await AssertRefusedAsync(response, """{"meta":{"error":"The dispatcher cannot send at the moment. Nothing was sent. Try again."}}""");
        Assert.Empty(front.Permits);
        AssertNothingArrived(front);
    }

    private static Task<AppFront> StartAsync(Exception failure) => AppFront.StartAsync(permit: _ => Task.FromException<PassThroughPermit>(failure));

    private static async Task AssertRefusedAsync(HttpResponseMessage response, string answer)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter!.Delta);
        Assert.Equal(answer, await response.Content.ReadAsStringAsync());
    }

    private static void AssertNothingArrived(AppFront front)
    {
        Assert.DoesNotContain(front.Permits, permit => permit.StartsWith("returned", StringComparison.Ordinal));
        Assert.Empty(front.Sandbox.Requests);
    }
}
