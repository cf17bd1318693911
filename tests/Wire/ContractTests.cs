using System.Reflection;
using CioOrleans.Attempts;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.History;
using CioOrleans.Explaining;
using CioOrleans.Limits;
using CioOrleans.Workspaces;

namespace CioOrleans.Wire.Tests;

public sealed class ContractTests
{
    public static TheoryData<Type> Types => [.. WireContract.Types];

    public static TheoryData<Type> GrainInterfaces => [.. WireContract.GrainInterfaces];

    [Theory]
    [MemberData(nameof(Types))]
    public void A_type_has_a_name_of_its_own_that_survives_its_renaming(Type type)
    {
        var alias = WireContract.AliasOf(type);

        Assert.StartsWith("cio.", alias, StringComparison.Ordinal);
        Assert.Single(WireContract.Types, other => WireContract.AliasOf(other) == alias);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Whatever_a_type_holds_has_a_number(Type type)
    {
        var numbers = WireContract.State(type).Select(member => (member.Name, member.GetCustomAttribute<IdAttribute>()?.Id)).ToArray();

        Assert.All(numbers, member => Assert.True(member.Id is not null, $"{type}.{member.Name} has no [Id]"));
        Assert.Equal(numbers.Select(member => member.Id).Distinct(), numbers.Select(member => member.Id));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_type_that_is_sent_has_a_sample(Type type) =>
        Assert.True(type.IsAbstract || Samples.All.Values.Any(sample => sample.GetType() == type), $"{type} has no sample");

    [Theory]
    [MemberData(nameof(GrainInterfaces))]
    public void A_grain_and_its_methods_have_names_that_survive_their_renaming(Type grain)
    {
        var methods = grain.GetMethods();
        var aliases = methods.Select(WireContract.AliasOf).ToArray();

        Assert.StartsWith("cio.", WireContract.AliasOf(grain), StringComparison.Ordinal);
        Assert.All(aliases, Assert.NotNull);
        Assert.Equal(aliases.Distinct(), aliases);
        Assert.Equal(methods.Length, WireContract.Requests.Keys.Count(name => name.StartsWith($"{WireContract.AliasOf(grain)}/", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(
        typeof(CallKind),
        "Identify=0 DeleteCustomer=1 AddDevice=2 DeleteDevice=3 Suppress=4 Unsuppress=5 Merge=6 Event=7 Page=8 Screen=9 AnonymousEvent=10 Form=11 Metric=12 PushMetric=13 Unsubscribe=14 AddToSegment=15 RemoveFromSegment=16 MergeBarrier=17 AddRelationships=18 DeleteRelationships=19 IdentifyObject=20 DeleteObject=21 Send=22 Group=23 Alias=24")]
    [InlineData(typeof(CallPriority), "Live=0 Bulk=1")]
    [InlineData(typeof(CallNote), "Key=0 Request=1 RepeatedRequest=2")]
    [InlineData(
        typeof(LimitClass),
        "Identify=0 Track=1 Page=2 Batch=3 TransactionalEmail=4 TransactionalPush=5 Query=6 Broadcast=7 Pipelines=8")]
    [InlineData(typeof(UpstreamHost), "Track=0 App=1 Pipelines=2")]
    [InlineData(typeof(HostState), "Normal=0 Outage=1 Misconfigured=2")]
    [InlineData(typeof(FailureKind), "ServerError=0 TimedOut=1 ConnectionLost=2 Unreachable=3 BreakerOpen=4")]
    [InlineData(typeof(UnusedReason), "NothingToSend=0 ClassChanged=1 WaitsForMerge=2 PermitExpired=3 OutboxUnavailable=4 GoesAlone=5 DidNotFit=6 SiloStopping=7 Unsendable=8 HeadEnded=9 Held=10")]
    [InlineData(typeof(CustomerActivity), "Idle=0 Ready=1 InFlight=2 Settling=3 Waiting=4 Parked=5 Held=6")]
    [InlineData(typeof(MergeBarrierState), "Waiting=0 Reached=1 Absent=2")]
    [InlineData(
        typeof(HistoryResult),
        "Delivered=0 Failed=1 Throttled=2 Misconfigured=3 Undecided=4 Rejected=5 Unknown=6 Unsendable=7 UsedUp=8 Discarded=9 Forwarded=10 Unanswered=11 Unreported=12 Finished=13 Repeated=14 Held=15")]
    [InlineData(typeof(HistoryStatus), "Success=0 Failure=1 Redirect=2 ClientError=3 ServerError=4 NoAnswer=5 DeadLetter=6")]
    [InlineData(typeof(HistoryReplayState), "Running=0 Paused=1 Cancelled=2 Done=3")]
    public void Numbers_that_are_sent_or_stored_keep_their_meaning(Type type, string expected) =>
        Assert.Equal(expected, string.Join(' ', Enum.GetValues(type).Cast<object>().Select(value => $"{value}={Convert.ToInt32(value, null)}")));
}
