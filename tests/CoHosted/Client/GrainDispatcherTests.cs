using System.Text;
using System.Text.Json.Serialization;
using CioOrleans.Calls;
using CioOrleans.Client;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Limits;

namespace CioOrleans.CoHosted.Tests.Client;

/// <summary>
/// Every method against grains that record. The bodies and targets are what <c>customerio-node</c> 5.2.0 was seen to send, with
/// the stamps that the front-end puts in front.
/// </summary>
public sealed partial class GrainDispatcherTests(RecordingCluster cluster) : IClassFixture<RecordingCluster>
{
    private const string Odd = "a b/c+d@x.com%é";
    private const string OddPath = "/api/v1/customers/a%20b%2Fc%2Bd%40x.com%25%C3%A9";
    private const string OddKey = "email:a b/c+d@x.com%é";

    private static readonly Ulid _id = new(new Guid("0198c0de-0000-7000-8000-000000000001"));
    private static readonly DateTimeOffset _at = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    // {id} and {now} stand for the call's own id and the moment it was accepted.
    private static readonly MethodCase[] _methods =
    [
        new("identify", c => c.IdentifyAsync(new { plan = "prö" }), CallKind.Identify, LimitClass.Identify, "PUT", "", """{"_timestamp":{now},"plan":"prö"}"""),
        new("identify nothing", c => c.IdentifyAsync(), CallKind.Identify, LimitClass.Identify, "PUT", "", """{"_timestamp":{now}}"""),
        new("identify at a time", c => c.IdentifyAsync(timestamp: _at), CallKind.Identify, LimitClass.Identify, "PUT", "", """{"_timestamp":1700000000}"""),
        new("identify with generated JSON", c => c.IdentifyAsync(new Purchase(1.5m), ShopJson.Default.Purchase), CallKind.Identify, LimitClass.Identify, "PUT", "",
            """{"_timestamp":{now},"Amount":1.5}"""),
        new("track", c => c.TrackAsync("bought", new { n = 1.5 }), CallKind.Event, LimitClass.Track, "POST", "/events",
            """{"id":"{id}","timestamp":{now},"name":"bought","data":{"n":1.5}}"""),
        new("track without data", c => c.TrackAsync("bought"), CallKind.Event, LimitClass.Track, "POST", "/events", """{"id":"{id}","timestamp":{now},"name":"bought"}"""),
        new("track what may be repeated", c => c.TrackAsync("bought", id: _id, timestamp: _at), CallKind.Event, LimitClass.Track, "POST", "/events",
            $$"""{"id":"{{_id}}","timestamp":1700000000,"name":"bought"}"""),
        new("track with generated JSON", c => c.TrackAsync("bought", new Purchase(1.5m), ShopJson.Default.Purchase, _id, _at), CallKind.Event, LimitClass.Track, "POST",
            "/events", $$$"""{"id":"{{{_id}}}","timestamp":1700000000,"name":"bought","data":{"Amount":1.5}}"""),
        new("page", c => c.PageAsync("/p"), CallKind.Page, LimitClass.Page, "POST", "/events", """{"id":"{id}","timestamp":{now},"type":"page","name":"/p"}"""),
        new("page with generated JSON", c => c.PageAsync("/p", new Purchase(1.5m), ShopJson.Default.Purchase, _id, _at), CallKind.Page, LimitClass.Page, "POST", "/events",
            $$$"""{"id":"{{{_id}}}","timestamp":1700000000,"type":"page","name":"/p","data":{"Amount":1.5}}"""),
        new("screen", c => c.ScreenAsync("home", new { tab = 1 }), CallKind.Screen, LimitClass.Page, "POST", "/events",
            """{"id":"{id}","timestamp":{now},"type":"screen","name":"home","data":{"tab":1}}"""),
        new("screen with generated JSON", c => c.ScreenAsync("home", new Purchase(1.5m), ShopJson.Default.Purchase, _id, _at), CallKind.Screen, LimitClass.Page, "POST",
            "/events", $$$"""{"id":"{{{_id}}}","timestamp":1700000000,"type":"screen","name":"home","data":{"Amount":1.5}}"""),
        new("add a device", c => c.AddOrUpdateDeviceAsync("tok/1", "ios", new { x = 1 }, _at), CallKind.AddDevice, LimitClass.Identify, "PUT", "/devices",
            """{"device":{"id":"tok/1","platform":"ios","last_used":1700000000,"attributes":{"x":1}}}"""),
        new("add a bare device", c => c.AddOrUpdateDeviceAsync("tok", "ios"), CallKind.AddDevice, LimitClass.Identify, "PUT", "/devices",
            """{"device":{"id":"tok","platform":"ios"}}"""),
        new("add a device with generated JSON", c => c.AddOrUpdateDeviceAsync("tok", "ios", new Purchase(1.5m), ShopJson.Default.Purchase), CallKind.AddDevice,
            LimitClass.Identify, "PUT", "/devices", """{"device":{"id":"tok","platform":"ios","attributes":{"Amount":1.5}}}"""),
        new("delete a device", c => c.DeleteDeviceAsync("tok/1"), CallKind.DeleteDevice, LimitClass.Identify, "DELETE", "/devices/tok%2F1", ""),
        new("delete", c => c.DeleteAsync(), CallKind.DeleteCustomer, LimitClass.Identify, "DELETE", "", ""),
        new("suppress", c => c.SuppressAsync(), CallKind.Suppress, LimitClass.Identify, "POST", "/suppress", "{}"),
        new("unsuppress", c => c.UnsuppressAsync(), CallKind.Unsuppress, LimitClass.Identify, "POST", "/unsuppress", "{}"),
    ];

    public static TheoryData<string> Methods() => [.. _methods.Select(method => method.Name)];

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Every_method_of_a_customer_makes_the_call_that_the_node_sdk_would(string name)
    {
        var method = _methods.Single(candidate => candidate.Name == name);
        var customer = $"{name} {Odd}";
        var path = OddPath.Replace("customers/", $"customers/{Uri.EscapeDataString(name)}%20", StringComparison.Ordinal);

        var result = await method.Make(cluster.InClient.Workspace(Recorder.Recording).Customer(customer));

        Assert.IsType<AcceptResult.Accepted>(result);
        var recorded = Assert.Single(cluster.Recorder.CallsOf($"{OddKey.Replace("email:", $"email:{name.ToLowerInvariant()} ", StringComparison.Ordinal)}"));
        Assert.Equal($"{new CustomerAddress(Recorder.Recording, $"email:{name.ToLowerInvariant()} {Odd}")}", recorded.Grain);
        AssertCall(method, path + method.Path, recorded.Call);
    }

    [Fact]
    public async Task A_service_that_hosts_the_silo_uses_the_same_interface()
    {
        var result = await cluster.InSilo.Workspace(Recorder.Recording).Customer("in-silo").TrackAsync("bought");

        Assert.IsType<AcceptResult.Accepted>(result);
        Assert.Equal("/api/v1/customers/in-silo/events", Assert.Single(cluster.Recorder.CallsOf("id:in-silo")).Call.Target);
    }

    [Fact]
    public async Task A_persons_email_address_and_cio_id_are_path_values()
    {
        var workspace = cluster.InClient.Workspace(Recorder.Recording);

        await workspace.CustomerByEmail("By@Example.com").DeleteAsync();
        await workspace.CustomerByCioId("by123").DeleteAsync();

        Assert.Equal("/api/v1/customers/By%40Example.com", Assert.Single(cluster.Recorder.CallsOf("email:by@example.com")).Call.Target);
        Assert.Equal("/api/v1/customers/cio_by123", Assert.Single(cluster.Recorder.CallsOf("cio:by123")).Call.Target);
    }

    [Fact]
    public async Task A_merge_goes_through_the_grain_that_orders_merges()
    {
        var result = await cluster.InClient.Workspace(Recorder.Recording).MergeAsync("merged-1", "cio_a3");

        Assert.IsType<AcceptResult.Accepted>(result);
        var recorded = Assert.Single(cluster.Recorder.CallsOf("id:merged-1"));
        Assert.Equal("merge recording/id:merged-1", recorded.Grain);
        Assert.Equal("cio:a3", recorded.Call.OtherCustomer);
        Assert.Equal((CallKind.Merge, LimitClass.Identify, "POST", "/api/v1/merge_customers"), Shape(recorded.Call));
        Assert.Equal("""{"primary":{"id":"merged-1"},"secondary":{"cio_id":"a3"}}""", Text(recorded.Call));
    }

    [Fact]
    public void A_merge_of_a_person_with_themselves_is_refused()
    {
        var refusal = Assert.Throws<ArgumentException>(() => Ignore(cluster.InClient.Workspace(Recorder.Recording).MergeAsync("A@x.com", "a@X.com")));

        Assert.Equal("The primary and the secondary are the same person. Name two people. (Parameter 'secondary')", refusal.Message);
    }

    [Fact]
    public async Task An_anonymous_event_is_ordered_by_its_anonymous_id()
    {
        var result = await cluster.InClient.Workspace(Recorder.Recording).TrackAnonymousAsync("anon/1", "x", new { });

        Assert.IsType<AcceptResult.Accepted>(result);
        var call = Assert.Single(cluster.Recorder.CallsOf("anonymous:anon/1")).Call;
        Assert.Equal((CallKind.AnonymousEvent, LimitClass.Track, "POST", "/api/v1/events"), Shape(call));
        Assert.Equal(Filled("""{"id":"{id}","timestamp":{now},"name":"x","data":{},"anonymous_id":"anon/1"}""", call), Text(call));
    }

    [Fact]
    public async Task An_invite_names_nobody()
    {
        var data = new Invite("a@x.com");
        var workspace = cluster.InClient.Workspace(Recorder.Recording);

        Assert.IsType<AcceptResult.Accepted>(await workspace.TrackAnonymousAsync(null, "invite", data, ShopJson.Default.Invite, _id, _at));

        var call = Enumerable.Range(0, 64).SelectMany(shard => cluster.Recorder.CallsOf($"nobody:{shard}")).Single().Call;
        Assert.Equal($$$"""{"id":"{{{_id}}}","timestamp":1700000000,"name":"invite","data":{"recipient":"a@x.com"}}""", Text(call));
    }

    [Fact]
    public async Task An_import_makes_its_calls_with_the_priority_of_bulk()
    {
        var live = cluster.InClient.Workspace(Recorder.Recording);
        var import = live.WithPriority(CallPriority.Bulk);

        await import.Customer("imported").IdentifyAsync();
        await import.TrackAnonymousAsync("imported", "x");
        await import.MergeAsync("imported-1", "imported-2");
        await live.Customer("imported").IdentifyAsync();

        Assert.Equal((CallPriority.Live, CallPriority.Bulk), (live.Priority, import.Priority));
        Assert.Equal([CallPriority.Bulk, CallPriority.Live], cluster.Recorder.CallsOf("id:imported").Select(recorded => recorded.Call.Priority));
        Assert.Equal(CallPriority.Bulk, Assert.Single(cluster.Recorder.CallsOf("anonymous:imported")).Call.Priority);
        Assert.Equal(CallPriority.Bulk, Assert.Single(cluster.Recorder.CallsOf("id:imported-1")).Call.Priority);
    }

    [Fact]
    public async Task What_a_grain_refuses_comes_back_as_it_is() =>
        Assert.Equal(Recorder.Refusal, await cluster.InClient.Workspace(Recorder.Refusing).Customer("u1").IdentifyAsync());

    [Fact]
    public async Task A_call_has_five_seconds_by_the_clock_of_the_silos()
    {
        var before = RecordingLeaseClockGrain.Bounds.Latest;
        await cluster.InClient.Workspace(Recorder.Recording).Customer("deadline").IdentifyAsync();
        await cluster.InSilo.Workspace(Recorder.Recording).MergeAsync("deadline-merge", "u2");

        // What the client does not know of the clock comes on top: the second that the silo does not know, and at most the time-out of the question.
        var deadlines = cluster.Recorder.CallsOf("id:deadline").Concat(cluster.Recorder.CallsOf("id:deadline-merge")).Select(recorded => recorded.Deadline.At).ToArray();
        Assert.Equal(2, deadlines.Length);
        Assert.All(deadlines, at => Assert.InRange(at, before + AcceptDeadline.Length, RecordingLeaseClockGrain.Bounds.Latest + AcceptDeadline.Length + TimeSpan.FromSeconds(3)));
    }

    [Fact]
    public async Task Whatever_fails_on_the_way_is_uncertain_and_answered_once_the_deadline_has_passed_for_certain()
    {
        string[] workspaces = [Recorder.TimingOut, Recorder.WithoutSilo, Recorder.Failing];
        var deadline = RecordingLeaseClockGrain.Bounds.Latest + AcceptDeadline.Length;

        var answers = await Task.WhenAll(workspaces.SelectMany(workspace => new[]
        {
            cluster.InClient.Workspace(workspace).Customer("u1").IdentifyAsync().AsTask(),
            cluster.InSilo.Workspace(workspace).MergeAsync("u1", "u2").AsTask(),
        }));

        Assert.True(RecordingLeaseClockGrain.Bounds.Earliest >= deadline);
        Assert.All(answers, answer => Assert.Equal(new AcceptResult.Uncertain("The dispatcher cannot take calls at the moment. Try again.", TimeSpan.FromSeconds(1)), answer));
    }

    [Fact]
    public async Task A_workspace_that_is_not_configured_is_a_mistake_of_the_caller()
    {
        var fromClient = await Assert.ThrowsAsync<UnknownWorkspaceException>(
            () => cluster.InClient.Workspace(Recorder.Unknown).Customer("u1").IdentifyAsync().AsTask());
        var fromSilo = await Assert.ThrowsAsync<UnknownWorkspaceException>(
            () => cluster.InSilo.Workspace(Recorder.Unknown).Customer("u2").IdentifyAsync().AsTask());

        Assert.Equal((Recorder.Unknown, Recorder.Unknown), (fromClient.Workspace, fromSilo.Workspace));
        Assert.Equal("The workspace 'unknown' is not configured here. Add it under Dispatcher:Workspaces on every silo.", fromClient.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a/b")]
    public void A_name_that_no_workspace_can_have_is_refused(string name) =>
        Assert.Equal("name", Assert.Throws<ArgumentException>(() => cluster.InClient.Workspace(name)).ParamName);

    [Fact]
    public async Task A_cancelled_token_ends_the_wait_and_takes_nothing_back()
    {
        using var cancellation = new CancellationTokenSource();
        var accepting = cluster.InClient.Workspace(Recorder.Hanging).Customer("hanging").IdentifyAsync(cancellationToken: cancellation.Token).AsTask();
        await cluster.Recorder.Arrived.Task;

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepting);
        cluster.Recorder.Released.SetResult();
        Assert.IsType<AcceptResult.Accepted>(await cluster.InClient.Workspace(Recorder.Hanging).Customer("hanging").DeleteAsync());
        Assert.Equal([CallKind.Identify, CallKind.DeleteCustomer], cluster.Recorder.CallsOf("id:hanging").Select(recorded => recorded.Call.Kind));
    }

    [Fact]
    public async Task Nothing_is_sent_under_a_token_that_is_already_cancelled()
    {
        var customer = cluster.InClient.Workspace(Recorder.Recording).Customer("cancelled");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => customer.IdentifyAsync(cancellationToken: new CancellationToken(canceled: true)).AsTask());

        await customer.DeleteAsync();
        Assert.Equal(CallKind.DeleteCustomer, Assert.Single(cluster.Recorder.CallsOf("id:cancelled")).Call.Kind);
    }

    private static void AssertCall(MethodCase expected, string target, Call call)
    {
        Assert.Equal((expected.Kind, expected.LimitClass, expected.Method, target), Shape(call));
        Assert.Equal(Filled(expected.Body, call), Text(call));
        Assert.Equal(CallPriority.Live, call.Priority);
        Assert.Equal("Content-Type: application/json\nUser-Agent: CioOrleans/1.0.0\n", call.Headers.ToString());
        Assert.Null(call.OtherCustomer);
    }

    private static (CallKind Kind, LimitClass LimitClass, string Method, string Target) Shape(Call call) => (call.Kind, call.LimitClass, call.Method, call.Target);

    private static string Text(Call call) => Encoding.UTF8.GetString(call.Body);

    private static string Filled(string body, Call call) => body
        .Replace("{id}", call.Id.ToString(), StringComparison.Ordinal)
        .Replace("{now}", $"{call.AcceptedAt.ToUnixTimeSeconds()}", StringComparison.Ordinal);

    private static void Ignore(ValueTask<AcceptResult> result) => _ = result.AsTask();

    private sealed record MethodCase(
        string Name, Func<ICustomerDispatcher, ValueTask<AcceptResult>> Make, CallKind Kind, LimitClass LimitClass, string Method, string Path, string Body);

    internal sealed record Purchase(decimal Amount);

    internal sealed record Invite([property: JsonPropertyName("recipient")] string Recipient);

    [JsonSerializable(typeof(Purchase)), JsonSerializable(typeof(Invite))]
    internal sealed partial class ShopJson : JsonSerializerContext;
}
