namespace CioOrleans.Cluster;

/// <summary>
/// A call that is on its way to its customer's grain may stay in a silo that is frozen, or in a connection that no packet passes, and go on when that is over. Its caller has
/// been told 503 then, has repeated it, and has made later calls that were acknowledged. It must not be carried out any more.
/// </summary>
public sealed class LateAcceptTests(SharedCluster shared, ITestOutputHelper output) : FaultTest(shared, output)
{
    private const int Deleted = 60;
    private const int OfEachOtherKind = 15;

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Nothing_that_a_frozen_silo_held_is_carried_out_behind_what_was_acknowledged_meanwhile()
    {
        await Cluster.HealAsync();
        var frozen = (await Cluster.BystanderAsync()).Process;

        await RunAsync(() => frozen.SignalAsync("STOP"), () => frozen.SignalAsync("CONT"), settle: TimeSpan.FromSeconds(5));
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task Nothing_that_hung_between_silos_which_cannot_reach_each_other_is_carried_out_afterwards()
    {
        Assert.SkipUnless(Cluster.Network is NamespaceNetwork, Cluster.Network.CannotCutReason ?? "");
        await Cluster.HealAsync();
        var alone = await Cluster.BystanderAsync();

        // The front-ends reach all of them, and so does PostgreSQL. What the kernel could not send it tries again, less and less often.
        await RunAsync(
            async () =>
            {
                foreach (var peer in Cluster.Silos.Where(silo => silo != alone))
                {
                    await ((NamespaceNetwork)Cluster.Network).CutAsync(alone.Place.Address, peer.Place.Address);
                }
            },
            Cluster.Network.MendAsync,
            settle: TimeSpan.FromSeconds(20));
    }

    private async Task RunAsync(Func<Task> begin, Func<Task> end, TimeSpan settle)
    {
        await Cluster.WaitUntilEmptyAsync();
        Cluster.Sandbox.Reset();
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("site:key"u8));
        var frontEnds = Cluster.FrontEnds.Select(frontEnd => frontEnd.Url).ToArray();
        var run = $"{Guid.NewGuid():N}"[..8];
        var people = Enum.GetValues<FirstCall>()
            .SelectMany(kind => Enumerable.Range(0, kind == FirstCall.Delete ? Deleted : OfEachOtherKind).Select(number => new Person($"{run}-{kind}-{number:00}", kind)))
            .ToArray();
        await Wait.ForAsync(Task.WhenAll(people.Select(person => person.PlaceAsync(http, frontEnds[0]))), "The first call of each person", _patience);
        await Cluster.WaitUntilEmptyAsync();

        await begin();
        try
        {
            await Wait.ForAsync(Task.WhenAll(people.Select(person => person.ChangeAsync(http, frontEnds))), "The acknowledgement of both calls of each person", _patience);
        }
        finally
        {
            await end();
        }

        // What was held up is carried out now, if at all.
        await Task.Delay(settle, TimeProvider.System);
        await Cluster.HealAsync();
        await Cluster.WaitUntilEmptyAsync();
        foreach (var answers in people.GroupBy(person => $"{person.Kind}: {string.Join(", ", person.Answers)}"))
        {
            Output.WriteLine($"{answers.Count()} × {answers.Key}");
        }

        var wrong = people.Select(person => person.Judge(Cluster.Sandbox.Requests)).OfType<string>().ToArray();
        foreach (var problem in wrong)
        {
            Output.WriteLine(problem);
        }

        Output.WriteLine($"{people.Length - wrong.Length} of {people.Length} are as the last acknowledged call left them.");
        Assert.Empty(wrong);
    }
}
