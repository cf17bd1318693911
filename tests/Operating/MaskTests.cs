using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CioOrleans.Auditing;
using CioOrleans.Calls;
using CioOrleans.Cluster;
using CioOrleans.Customers;
using CioOrleans.Explaining;
using CioOrleans.History;
using CioOrleans.Imports;
using CioOrleans.Limits;
using CioOrleans.Refusing;
using CioOrleans.Workspaces;
using NSubstitute;

namespace CioOrleans.Operating.Tests;

/// <summary>With <c>Admin:MaskPersonData</c> a key of the role Read is told of no person. Every GET of the admin document is asked.</summary>
public sealed class MaskTests : IAsyncLifetime
{
    private const string Person = "ann-planted";
    private const string Email = "planted@example.com";
    private const string Planted = "planted";
    private const string Id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private const string Read = "read-key";
    private const string Operate = "operate-key";

    private static readonly Ulid _id = Ulid.Parse(Id, System.Globalization.CultureInfo.InvariantCulture);
    private static readonly DateTimeOffset _noon = new(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The operations whose answers tell of no person, with or without the setting.</summary>
    private static readonly string[] _impersonal =
    [
        "ListWorkspaces", "GetWorkspace", "GetCluster", "GetSettings", "GetHistoryReplay", "GetImport", "GetImports", "GetAnsweredSends",
    ];

    private Host _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await Host.StartAsync(more:
        [
            ("Dispatcher:Admin:MaskPersonData", "true"), ("Dispatcher:Admin:Keys:eve:Key", Read), ("Dispatcher:Admin:Keys:ann:Key", Operate), ("Dispatcher:Admin:Keys:ann:Role", "Operate"),
        ]);
        Plant(_host.Grains, _host);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task No_GET_tells_a_reader_of_a_person_and_each_tells_an_operator()
    {
        List<string> leaks = [], silent = [];
        foreach (var (_, path, operation) in AdminDescription.Operations.Where(operation => operation.Method == "GET"))
        {
            var name = operation.GetProperty("operationId").GetString()!;
            var target = path.Replace("{workspace}", "acme", StringComparison.Ordinal).Replace("{id}", Id, StringComparison.Ordinal).Replace("{import}", Id, StringComparison.Ordinal).Replace("{customer}", "id:other", StringComparison.Ordinal);
            var (status, told) = await GetAsync(target, Operate);
            Assert.True(status == HttpStatusCode.OK, $"{target}: {status} {told}");
            if (!told.Contains(Planted, StringComparison.Ordinal) != _impersonal.Contains(name))
            {
                silent.Add(name);
            }

            var (readStatus, read) = await GetAsync(target, Read);
            Assert.True(readStatus == HttpStatusCode.OK, $"{target}: {readStatus} {read}");
            if (read.Contains(Planted, StringComparison.Ordinal))
            {
                leaks.Add($"{name}: {read}");
            }
        }

        Assert.Equal("", string.Join('\n', leaks));

        // An operation that tells of a person must find one here, or this test proves nothing of it. One that does not is listed above.
        Assert.Equal("", string.Join(", ", silent));
    }

    [Fact]
    public async Task A_reader_who_names_a_customer_finds_that_one_and_no_other()
    {
        var (_, rows) = await GetAsync($"/admin/workspaces/acme/history?customer={Person}", Read);
        Assert.Contains($"\"customer\":\"id:{Person}\"", rows, StringComparison.Ordinal);
        Assert.DoesNotContain(Email, rows, StringComparison.Ordinal);

        var (_, timeline) = await GetAsync($"/admin/workspaces/acme/customers/{Person}/timeline", Read);
        Assert.Contains($"\"customer\":\"id:{Person}\"", timeline, StringComparison.Ordinal);
        Assert.DoesNotContain(Email, timeline, StringComparison.Ordinal);

        var (_, queues) = await GetAsync("/admin/workspaces/acme/queues", Read);
        Assert.Contains("\"customer\":\"•••\",\"queued\":7", queues, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_setting_a_reader_is_told_everything()
    {
        await using var host = await Host.StartAsync(more: [("Dispatcher:Admin:Keys:eve:Key", Read)]);
        Plant(host.Grains, host);

        Assert.Contains(Person, (await GetAsync("/admin/workspaces/acme/queues", Read, host)).Body, StringComparison.Ordinal);
    }

    private async Task<(HttpStatusCode Status, string Body)> GetAsync(string target, string key, Host? host = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, target);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await (host ?? _host).Http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static void Plant(IGrainFactory grains, Host host)
    {
        const string reason = $"400: {Email} is wrong";
        const string customer = $"id:{Person}";
        var call = new Call
        {
            Id = _id, Kind = CallKind.Identify, LimitClass = LimitClass.Identify, Method = "PUT", Target = $"/api/v1/customers/{Person}", Headers = CallHeaders.None, Body = Encoding.UTF8.GetBytes($$"""{"email":"{{Email}}"}"""), AcceptedAt = _noon,
            OtherCustomer = customer,
        };
        var held = new HeldCall(_id, 7, CallKind.Identify, reason, _noon, customer);

        var letters = Substitute.For<IDeadLetterGrain>();
        letters.Read(default, default).ReturnsForAnyArgs(ValueTask.FromResult(new DeadLetterPage([new DeadLetter(customer, call, 1, reason, _noon)], _id)));
        letters.Find(default).ReturnsForAnyArgs(ValueTask.FromResult<DeadLetter?>(new DeadLetter(customer, call, 1, reason, _noon)));
        letters.ReadCauses(default).ReturnsForAnyArgs(ValueTask.FromResult(new DeadLetterCauses([new DeadLetterCause(CallKind.Identify, 1, 400, reason, 3, _noon, _noon, _id)], true)));
        letters.ReadHeld(default, default).ReturnsForAnyArgs(ValueTask.FromResult(new HeldCustomerPage([new HeldCustomer(customer, held)], customer)));
        grains.GetGrain<IDeadLetterGrain>("acme", Arg.Any<string?>()).Returns(letters);

        var history = Substitute.For<IHistoryGrain>();
        history.Search(null!, default, default).ReturnsForAnyArgs(call => ValueTask.FromResult(new HistoryPage(
            [
                new HistoryRow
                {
                    Id = 1, Workspace = "acme", Customer = customer, CallId = _id, Kind = CallKind.Identify, LimitClass = LimitClass.Identify, Ended = 1, Result = HistoryResult.Rejected, Status = 400, Reason = reason, Silo = "s",
                },
            ],
            null)));
        history.Verify(default, default).ReturnsForAnyArgs(ValueTask.FromResult(
            new ProofReport(_noon, _noon, 1, 1, [], [new ProofViolation(default, _noon, 1, 1, 2) { CustomerKey = customer }], 1, [], 0)));
        grains.GetGrain<IHistoryGrain>("acme", Arg.Any<string?>()).Returns(history);

        var grain = Substitute.For<ICustomerGrain>();
        grain.GetStatus().Returns(_ => ValueTask.FromResult(new CustomerStatus(3, _id, HeadState.Of(LimitClass.Identify, attempts: 1), reason, _noon, false) { Held = held }));
        grain.FindCall(default).ReturnsForAnyArgs(ValueTask.FromResult<CallPlace?>(new CallPlace(0, _id, CallKind.Merge, LimitClass.Identify, CallPriority.Live, _noon, customer)));
        foreach (var key in new[] { "id:other", customer })
        {
            grains.GetGrain<ICustomerGrain>(host.Keys.Of(new CustomerAddress("acme", key)), Arg.Any<string?>()).Returns(grain);
        }

        var workspace = Substitute.For<IWorkspaceGrain>();
        workspace.GetStatus().Returns(_ => ValueTask.FromResult(new WorkspaceStatus([], 7, 6, 5, 4, 3, false, null, 2, "S1", [])));
        workspace.FindCustomer(default).ReturnsForAnyArgs(ValueTask.FromResult<string?>(customer));
        workspace.GetStanding(null!, default).ReturnsForAnyArgs(ValueTask.FromResult(new CustomerStanding(CustomerActivity.Parked, null, null, 1, 1, null, null, null, null, false, null)));
        grains.GetGrain<IWorkspaceGrain>("acme", Arg.Any<string?>()).Returns(workspace);

        var refused = Substitute.For<IRefusedCallGrain>();
        var one = new RefusedCall
        {
            Id = _id, Type = Planted, Reason = CallDefect.NoEvent, Problem = reason, Path = "/v1/batch", MessageId = Email, Persons = [customer], Body = Encoding.UTF8.GetBytes($$"""{"email":"{{Email}}"}"""), Size = 9,
        };
        refused.Read(default, default).ReturnsForAnyArgs(ValueTask.FromResult<IReadOnlyList<RefusedCall>>([one]));
        refused.Find(default).ReturnsForAnyArgs(ValueTask.FromResult<RefusedCall?>(one));
        grains.GetGrain<IRefusedCallGrain>("acme", Arg.Any<string?>()).Returns(refused);

        var audit = Substitute.For<IAuditGrain>();
        audit.Read(default, default).ReturnsForAnyArgs(ValueTask.FromResult<IReadOnlyList<AuditEntry>>([new AuditEntry(_id, "ann", "DELETE /admin/workspaces/{workspace}/customers/{customer}/calls", $"/admin/workspaces/acme/customers/{Person}/calls", 200)]));
        grains.GetGrain<IAuditGrain>(0, Arg.Any<string?>()).Returns(audit);

        var lists = Substitute.For<IListGrain>();
        lists.ReadQueues().Returns(_ => ValueTask.FromResult(new QueueList([new QueueSummary(customer, 7, _noon)], [new QueueSummary($"email:{Email}", 7, _noon)], true, _noon, TimeSpan.Zero)));
        lists.ReadImports(default, default).ReturnsForAnyArgs(ValueTask.FromResult(new ImportList([new ImportSummary(_id, _noon, 1, default)], _id)));
        lists.ReadAnsweredSends(default, default).ReturnsForAnyArgs(ValueTask.FromResult(new SendList([new AnsweredSend(_id, 200, _noon)], _id)));
        lists.ReadWaitingSends(default).ReturnsForAnyArgs(ValueTask.FromResult(new WaitingSends([new WaitingSend(_id, customer, _noon)], true)));
        grains.GetGrain<IListGrain>("acme", Arg.Any<string?>()).Returns(lists);

        var import = Substitute.For<IImportGrain>();
        import.GetStatus().Returns(_ => ValueTask.FromResult<ImportStatus?>(new ImportStatus(_noon, 1, default, 0, 0, null, TimeSpan.Zero)));
        grains.GetGrain<IImportGrain>(host.Keys.Of(new ImportAddress("acme", _id)), Arg.Any<string?>()).Returns(import);

        var replay = Substitute.For<IHistoryReplayGrain>();
        replay.GetStatus().Returns(_ => ValueTask.FromResult<HistoryReplayStatus?>(new HistoryReplayStatus(_id, new HistoryReplaySelection(_noon, _noon, customer), HistoryReplayState.Running, _noon, _noon, default, null)));
        grains.GetGrain<IHistoryReplayGrain>("acme", Arg.Any<string?>()).Returns(replay);

        var cluster = Substitute.For<IClusterGrain>();
        cluster.GetStatus().Returns(_ => ValueTask.FromResult(new ClusterStatus("cio", 7, [], [])));
        grains.GetGrain<IClusterGrain>(0, Arg.Any<string?>()).Returns(cluster);
    }
}
