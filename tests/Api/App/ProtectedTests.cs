using System.Net;
using CioOrleans.Configuration;
using CioOrleans.Sandbox.Faults;

namespace CioOrleans.Api.Tests.App;

/// <summary>Every request of the App API that has an effect each time, before a Customer.io that takes it and fails to say so.</summary>
public sealed class ProtectedTests
{
    private static readonly string[] _operations =
    [
        "/v1/send/email", "/v1/send/push", "/v1/send/sms", "/v1/send/whatsapp", "/v1/send/in_app", "/v1/send/inbox_message", "/v1/send/fax",
        "/v1/campaigns/7/triggers", "/v1/newsletters/7/send", "/v1/newsletters/7/schedule", "/v1/imports", "/v1/exports/customers", "/v1/exports/deliveries",
        "/v1/live_notifications/start", "/v1/live_notifications/01J/update", "/v1/live_notifications/01J/end", "/v1/newsletters/7/test_send", "/v1/unknown",
    ];

    private static readonly (string Name, SandboxFaults Faults)[] _faults =
    [
        ("hangs", new SandboxFaults { TimeOutAfterProcessing = 1 }),
        ("resets", new SandboxFaults { ResetAfterProcessing = 1 }),
        ("answers 500", new SandboxFaults { ServerErrorAfterProcessing = 1 }),
        ("answers 503", new SandboxFaults { Unavailable = 1 }),
        ("closes", new SandboxFaults { Close = 1 }),
    ];

    public static TheoryData<string, string> OperationsAndFaults
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var operation in _operations)
            {
                foreach (var (name, _) in _faults)
                {
                    data.Add(operation, name);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(OperationsAndFaults))]
    public async Task What_Customer_io_took_arrives_once_from_a_caller_that_repeats_as_the_SDKs_do(string operation, string fault)
    {
        await using var front = await AppFront.StartAsync(permit: _ => Task.FromResult(AppFront.Granted(attemptTimeout: 0.3)));
        front.Sandbox.Faults = _faults.Single(known => known.Name == fault).Faults;

        using var response = await CallAsSdkAsync(front, operation);

        Assert.Equal(HttpStatusCode.FailedDependency, response.StatusCode);
        Assert.Equal("unknown", response.Headers.GetValues("X-Dispatch-Outcome").Single());
        Assert.Equal(1, front.Sandbox.Report().Arrivals);
    }

    [Fact]
    public async Task A_protected_request_gets_Customer_ios_own_answer_under_the_limit_of_queries()
    {
        await using var front = await AppFront.StartAsync();

        using var response = await front.PostAsync("/v1/newsletters/7/send?a=b", """{"rate_limit_spread":1}""");

        Assert.Equal("""{"newsletter":{"id":1,"rate_limit_spread":1}}""", await response.Content.ReadAsStringAsync());
        Assert.Equal(["asked query", "returned sent 200"], front.Permits);
        Assert.Equal("/v1/newsletters/7/send?a=b", Assert.Single(front.Sandbox.Requests).RawTarget);
    }

    [Fact]
    public async Task An_unknown_outcome_is_reported_in_the_App_APIs_form()
    {
        await using var front = await AppFront.StartAsync();
        front.Sandbox.Faults = new SandboxFaults { ServerErrorAfterProcessing = 1 };

        using var response = await front.PostAsync("/v1/imports", "{}");

        Assert.Equal(
            """{"errors":[{"detail":"Customer.io answered 500. The request may have taken effect: repeat it only after you have looked, or it may take effect twice.","status":"424"}]}""",
            await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task It_is_reported_as_a_proxy_reports_it_where_the_settings_say_so()
    {
        await using var front = await AppFront.StartAsync(new SendSettings { UnknownOutcome = UnknownOutcomeAnswer.AsReceived });
        front.Sandbox.Faults = new SandboxFaults { ServerErrorAfterProcessing = 1 };

        using var response = await front.PostAsync("/v1/newsletters/7/send", "{}");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("unknown", response.Headers.GetValues("X-Dispatch-Outcome").Single());
    }

    /// <summary>Repeats 408, 429, 5xx and broken connections three times.</summary>
    private static async Task<HttpResponseMessage> CallAsSdkAsync(AppFront front, string operation)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var response = await front.PostAsync(operation, """{"identifiers":{"id":"1"},"message_data":{"seq":1},"data":{"seq":1},"seq":1}""");
                if (attempt == 3 || (int)response.StatusCode is not (408 or 429 or >= 500))
                {
                    return response;
                }

                response.Dispose();
            }
            catch (HttpRequestException) when (attempt < 3)
            {
                // Repeated, as an SDK does.
            }
        }
    }
}
