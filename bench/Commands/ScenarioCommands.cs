using System.CommandLine;
using CioOrleans.Bench.Processes;
using CioOrleans.Bench.Reporting;
using CioOrleans.Bench.Scenarios;
using CioOrleans.Sandbox.Faults;
using Spectre.Console;

namespace CioOrleans.Bench.Commands;

/// <summary>The scenarios as commands, each with its options.</summary>
internal static class ScenarioCommands
{
    public static IEnumerable<Command> All =>
    [
        Burst(), Accepts(), Crash(), Restart(), Backlog(), Console(), Outage(), Idle(), Fairness(), Batches(), Import(), Sends(), Heads(), Faults(), Fuzz(), Attacks(), Peers(), Owner(), Cold(), History(),
        Everything(),
    ];

    private static Command Burst()
    {
        var permits = new Option<int[]>("--permits") { Description = "The limits to run it at, a second.", DefaultValueFactory = _ => [100, 1000], AllowMultipleArgumentsPerToken = true };
        var customers = new Option<int?>("--customers") { Description = "Another number of customers than the limit's own." };
        var callsEach = new Option<int?>("--calls-each") { Description = "Another number of calls of each." };
        var here = new Option<bool>("--sandbox-here") { Description = "Run the sandbox inside the bench instead of as its own process." };
        return Create(
            "burst", "A burst arrives at once and leaves within the limit; baseline: a client with a token bucket.", [permits, customers, callsEach, here],
            parse => parse.GetValue(permits)!.Select(p => BurstSize.At(p)).Select(size => new BurstScenario(
                size with { Customers = parse.GetValue(customers) ?? size.Customers, CallsEach = parse.GetValue(callsEach) ?? size.CallsEach },
                parse.GetValue(here))));
    }

    private static Command Accepts()
    {
        var rounds = Number("--rounds", 5, "Rounds of one slice each.");
        var seconds = new Option<double>("--slice") { Description = "Seconds a slice.", DefaultValueFactory = _ => 5 };
        var warmUp = new Option<double>("--warm-up") { Description = "Seconds for each endpoint before the rounds.", DefaultValueFactory = _ => 5 };
        var connections = Number("--connections", 256, "Connections of the generator.");
        var customers = Number("--customers", 20_000, "Customers that take turns.");
        var body = Number("--body", 300, "Bytes a body.");
        var deployment = new Option<Deployment>("--deployment") { Description = "One process on a file or on PostgreSQL, or a front-end and a silo.", DefaultValueFactory = _ => Deployment.Sqlite };
        var beside = new Option<string?>("--beside") { Description = "The CioOrleans.Bench.dll of another build, whose accepts are measured in turns with this one's." };
        var variables = new Option<string[]>("--with") { Description = "Variables of the other build's process, NAME=value.", DefaultValueFactory = _ => [], AllowMultipleArgumentsPerToken = true };
        return Create(
            "accepts", "Durable accepts through HTTP; baseline: an endpoint of the same server that only reads the body, or another build.",
            [rounds, seconds, warmUp, connections, customers, body, deployment, beside, variables],
            parse => parse.GetValue(beside) is { } other
                ? [new AcceptsBesideScenario(other, parse.GetValue(variables)!.Select(variable => variable.Split('=', 2)).ToDictionary(parts => parts[0], parts => parts[1]), parse.GetValue(rounds), parse.GetValue(seconds), parse.GetValue(warmUp), parse.GetValue(connections), parse.GetValue(customers), parse.GetValue(body))]
                : [new AcceptsScenario(parse.GetValue(rounds), parse.GetValue(seconds), parse.GetValue(warmUp), parse.GetValue(connections), parse.GetValue(customers), parse.GetValue(body), parse.GetValue(deployment))]);
    }

    private static Command Crash()
    {
        var kills = Number("--kills", 50, "How often it is killed.");
        var seed = new Option<int>("--seed") { Description = "Repeats the moments of an earlier run (default: another each time).", DefaultValueFactory = _ => Random.Shared.Next() };
        var permits = Number("--permits", 1000, "The limit, a second.");
        return Create(
            "crash", "kill -9 at random moments under load: what was acknowledged, and what arrived.", [kills, seed, permits],
            parse => [new CrashScenario(parse.GetValue(kills), parse.GetValue(seed), parse.GetValue(permits))]);
    }

    private static Command Restart()
    {
        var waiting = Number("--waiting", 100_000, "Waiting calls.");
        var customers = Number("--customers", 10_000, "Their customers.");
        var repeats = Number("--repeats", 5, "Restarts.");
        return Create(
            "restart", "Ready again after kill -9 while many calls wait; baseline: with none.", [waiting, customers, repeats],
            parse => [new RestartScenario(parse.GetValue(waiting), parse.GetValue(customers), parse.GetValue(repeats))]);
    }

    private static Command Backlog()
    {
        var calls = Number("--calls", 1_000_000, "Waiting calls.");
        var customers = Number("--customers", 100_000, "Their customers.");
        var settle = new Option<double>("--settle") { Description = "Seconds between filling and measuring; a customer's grain goes after two to three minutes without a call, and its memory within 15 s.", DefaultValueFactory = _ => 230 };
        var deliver = new Option<double>("--deliver") { Description = "Seconds of delivery to follow after the restart.", DefaultValueFactory = _ => 30 };
        return Create(
            "backlog", "Memory and first delivery with very many waiting calls; baseline: with one.", [calls, customers, settle, deliver],
            parse => [new BacklogScenario(parse.GetValue(calls), parse.GetValue(customers), parse.GetValue(settle), parse.GetValue(deliver))]);
    }

    private static Command Console()
    {
        var calls = Number("--calls", 1_000_000, "Waiting calls.");
        var customers = Number("--customers", 100_000, "Their customers.");
        var settle = new Option<double>("--settle") { Description = "Seconds between filling and measuring.", DefaultValueFactory = _ => 230 };
        var seconds = new Option<double>("--seconds") { Description = "How long the processor's time is measured, each time.", DefaultValueFactory = _ => 60 };
        return Create(
            "console", "The console while very many calls wait: first view, age of the live values, processor while one person looks; baseline: nobody looks.", [calls, customers, settle, seconds],
            parse => [new ConsoleScenario(parse.GetValue(calls), parse.GetValue(customers), parse.GetValue(settle), parse.GetValue(seconds))]);
    }

    private static Command Outage()
    {
        var seconds = new Option<double>("--seconds") { Description = "How long each outage lasts.", DefaultValueFactory = _ => 60 };
        var kinds = new Option<Outage[]>("--kinds") { Description = "Which ones.", DefaultValueFactory = _ => OutageScenario.AllKinds, AllowMultipleArgumentsPerToken = true };
        return Create(
            "outage", "Customer.io answers 500, resets, closes or hangs for everybody.", [seconds, kinds],
            parse => [new OutageScenario(parse.GetValue(seconds), parse.GetValue(kinds)!)]);
    }

    private static Command Idle()
    {
        var calls = Number("--calls", 1_000, "Calls, one after the other.");
        return Create("idle", "From sending one call to its arrival; baseline: straight to the sandbox.", [calls], parse => [new IdleScenario(parse.GetValue(calls))]);
    }

    private static Command Fairness()
    {
        var waiting = Number("--waiting", 10_000, "Waiting calls of the one customer.");
        var others = Number("--others", 40, "Calls of other customers.");
        return Create(
            "fairness", "One customer's long queue, and the others; baseline: a queue that sends what came first first (computed).", [waiting, others],
            parse => [new FairnessScenario(parse.GetValue(waiting), parse.GetValue(others))]);
    }

    private static Command Import()
    {
        var rows = Number("--rows", 1_000_000, "People in the file.");
        var permits = Number("--permits", 100, "The import's limit, a second: a small one is what holds it up, a large one leaves that to the machine.");
        var every = new Option<double>("--every") { Description = "Seconds between two live calls.", DefaultValueFactory = _ => 0.5 };
        return Create(
            "import", "A file of people from the command line, at 100 requests a second: the foretold end, and live calls meanwhile.", [rows, every, permits],
            parse => [new ImportScenario(parse.GetValue(rows), parse.GetValue(every), parse.GetValue(permits))]);
    }

    private static Command Batches()
    {
        var operations = Number("--operations", 100_000, "Operations in all.");
        var customers = Number("--customers", 20_000, "Their customers.");
        return Create(
            "batches", "Operations of Track v2 come in together and leave together; baseline: one request an operation.", [operations, customers],
            parse => [new BatchesScenario(parse.GetValue(operations), parse.GetValue(customers))]);
    }

    private static Command Heads()
    {
        var rows = Number("--rows", 10_000_000, "Waiting calls.");
        var customers = Number("--customers", 1_000_000, "Their customers.");
        return Create(
            "heads", "PostgreSQL with very many waiting calls: who has work, and the first delivery.", [rows, customers],
            parse => [new HeadsScenario(parse.GetValue(rows), parse.GetValue(customers))]);
    }

    private static Command Faults()
    {
        var minutes = Number("--minutes", 10, "How long, with each seed.");
        var seeds = Number("--seeds", 1, "How many seeds: the given one and those that follow it.");
        var seed = new Option<int>("--seed") { Description = "Repeats the faults of an earlier run (default: others each time).", DefaultValueFactory = _ => Random.Shared.Next() };
        return Create(
            "faults", "A cluster under every kind of call, and one fault after the other, drawn at random; the exit code is 1 where a promise was broken.", [minutes, seeds, seed],
            parse => Enumerable.Range(parse.GetValue(seed), parse.GetValue(seeds)).Select(one => new FaultsScenario(parse.GetValue(minutes), one)));
    }

    private static Command Fuzz()
    {
        var requests = Number("--requests", 100_000, "How many.");
        var seed = new Option<int>("--seed") { Description = "Repeats the requests of an earlier run (default: others each time).", DefaultValueFactory = _ => Random.Shared.Next() };
        var rest = Number("--rest", 300, "Seconds of rest before the memory is looked at.");
        return Create(
            "fuzz", "Mutated requests to all endpoints: answers, log, deliveries, good callers beside them, and the memory that is left.", [requests, seed, rest],
            parse => [new FuzzScenario(parse.GetValue(requests), parse.GetValue(seed), TimeSpan.FromSeconds(parse.GetValue(rest)))]);
    }

    private static Command Attacks()
    {
        var seconds = new Option<double>("--seconds") { Description = "How long each attack lasts.", DefaultValueFactory = _ => 8 };
        var only = new Option<string?>("--only") { Description = "The attacks whose name contains this." };
        return Create(
            "attacks", "Attacks beside the steady calls of a good customer; baseline: as many harmless requests a second.", [seconds, only],
            parse => [new AttacksScenario(parse.GetValue(seconds), parse.GetValue(only))]);
    }

    private static Command Peers()
    {
        var rounds = Number("--rounds", 3, "Rounds of one slice each.");
        var seconds = new Option<double>("--slice") { Description = "Seconds a slice.", DefaultValueFactory = _ => 10 };
        var warmUp = new Option<double>("--warm-up") { Description = "Seconds for each server before the rounds.", DefaultValueFactory = _ => 20 };
        var connections = Number("--connections", 256, "Connections of the generator.");
        var customers = Number("--customers", 20_000, "Customers that take turns.");
        var body = Number("--body", 300, "Bytes a body.");
        var permits = Number("--permits", 100, "The limit of the burst, a second.");
        return Create(
            "peers", "Durable accepts, and a burst within a limit, beside the queues and limiters of today (bench/peers; needs Node, npm, redis-server and PostgreSQL, and skips what is missing).",
            [rounds, seconds, warmUp, connections, customers, body, permits],
            parse =>
            [
                new PeersAcceptScenario(parse.GetValue(rounds), parse.GetValue(seconds), parse.GetValue(warmUp), parse.GetValue(connections), parse.GetValue(customers), parse.GetValue(body)),
                new PeersLimitScenario(parse.GetValue(permits), customers: 50, callsEach: 60, serverErrors: 0.05),
            ]);
    }

    private static Command Sends()
    {
        var sends = Number("--sends", 10_000, "Messages, once forwarded, once stored and once under keys.");
        var share = new Option<double>("--share") { Description = "Share of the requests that time out; as many are reset, and as many answered 500.", DefaultValueFactory = _ => 0.05 };
        var permits = Number("--permits", 500, "The limit of transactional e-mail, a second.");
        return Create(
            "sends", "Transactional messages under faults: none twice, and every caller knows; baseline: a client that repeats as the Node SDK does.",
            [sends, share, permits],
            parse => [new SendsScenario(parse.GetValue(sends), parse.GetValue(share), parse.GetValue(permits))]);
    }

    private static Command Owner()
    {
        var calls = Number("--calls", 60_000, "Waiting calls of a round.");
        var customers = Number("--customers", 20_000, "Their customers.");
        var rounds = Number("--rounds", 3, "Rounds; the first one compiles.");
        var deployment = new Option<Deployment>("--deployment") { Description = "One process on a file or on PostgreSQL.", DefaultValueFactory = _ => Deployment.Sqlite };
        return Create(
            "owner", "How many requests one owner grants in a second; baseline: Customer.io's recommendation for the Track API.", [calls, customers, rounds, deployment],
            parse => [new OwnerScenario(parse.GetValue(calls), parse.GetValue(customers), parse.GetValue(rounds), parse.GetValue(deployment))]);
    }

    private static Command Cold()
    {
        var starts = Number("--starts", 3, "How often it starts.");
        var first = new Option<double>("--first") { Description = "The first seconds, and as many warm ones.", DefaultValueFactory = _ => 10 };
        var between = new Option<double>("--between") { Description = "Seconds of load between them.", DefaultValueFactory = _ => 30 };
        var connections = Number("--connections", 256, "Connections of the generator.");
        var customers = Number("--customers", 20_000, "Customers that take turns.");
        var body = Number("--body", 300, "Bytes a body.");
        return Create(
            "cold", "Durable accepts of a process that has just started; baseline: those of the same process once it is warm.", [starts, first, between, connections, customers, body],
            parse => [new ColdScenario(parse.GetValue(starts), parse.GetValue(first), parse.GetValue(between), parse.GetValue(connections), parse.GetValue(customers), parse.GetValue(body))]);
    }

    private static Command History()
    {
        var rows = Number("--rows", 10_000_000, "Rows of the history.");
        var customers = Number("--customers", 100_000, "Their customers.");
        var searches = Number("--searches", 100, "Searches of each kind.");
        var perSecond = Number("--per-second", 10_000, "Accepts a second while a day is deleted.");
        var deployment = new Option<Deployment>("--deployment") { Description = "One process on a file or on PostgreSQL.", DefaultValueFactory = _ => Deployment.Sqlite };
        return Create(
            "history", "A history of very many rows: size, searches, proof, and the deletion of a day; baseline: accepts without it.",
            [rows, customers, searches, perSecond, deployment],
            parse => [new HistoryScenario(parse.GetValue(rows), parse.GetValue(customers), parse.GetValue(searches), parse.GetValue(perSecond), parse.GetValue(deployment))]);
    }

    private static Command Everything() => Create("all", "All of them in about ten minutes, shorter, with one table at the end.", [], _ =>
    [
        new IdleScenario(300),
        new FairnessScenario(10_000, 20),
        new AcceptsScenario(rounds: 3, seconds: 3, warmUp: 5, connections: 256, customers: 20_000, bodyBytes: 300),
        new BatchesScenario(50_000, 10_000),
        new ImportScenario(250_000, every: 0.25),
        new SendsScenario(sends: 2_000, share: 0.05, permits: 500),
        new RestartScenario(100_000, 10_000, repeats: 2),
        new CrashScenario(kills: 10, Random.Shared.Next(), permits: 1000),
        new OutageScenario(seconds: 20, OutageScenario.AllKinds),
        new BurstScenario(BurstSize.At(100, share: 0.5), sandboxHere: false),
        new BurstScenario(BurstSize.At(1000, share: 0.5), sandboxHere: false),
        new BacklogScenario(200_000, 20_000, settle: 230, deliverFor: 10),
    ]);

    private static Option<int> Number(string name, int value, string description) => new(name) { Description = description, DefaultValueFactory = _ => value };

    private static Command Create(string name, string description, IEnumerable<Option> options, Func<ParseResult, IEnumerable<IScenario>> scenarios)
    {
        var command = new Command(name, description);
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parse, stop) => await RunAsync([.. scenarios(parse)], stop));
        return command;
    }

    private static async Task<int> RunAsync(IReadOnlyList<IScenario> scenarios, CancellationToken stop)
    {
        var figures = new List<Figure>();
        var isBroken = false;
        foreach (var scenario in scenarios)
        {
            var report = await scenario.RunAsync(stop);
            report.Print();
            figures.AddRange(report.Figures);
            isBroken |= report.IsBroken;
        }

        if (scenarios.Count > 1)
        {
            AnsiConsole.Write(Report.Render([.. figures.Where(figure => figure.IsMet is not null)], title: "summary", withScenario: true));
        }

        AnsiConsole.MarkupLineInterpolated($"{figures.Count(f => f.IsMet == true)} met, {figures.Count(f => f.IsMet == false)} missed");
        return isBroken ? 1 : 0;
    }
}
