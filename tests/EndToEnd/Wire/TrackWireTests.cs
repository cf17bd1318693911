namespace CioOrleans.EndToEnd.Wire;

public sealed class TrackWireTests
{
    [Fact(Timeout = TestTimeout.OfProcesses)]
    public Task Every_call_of_the_SDKs_Track_client_arrives_as_if_nothing_stood_between() => WireComparison.AssertSameAsync("track-calls.mjs", Answer);

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public Task And_so_it_does_where_batches_are_switched_off() => WireComparison.AssertSameAsync("track-calls.mjs", Answer, ("Batching__Mode", "Off"));

    private static (int Status, string Body) Answer(WireRequest request) =>
        request.Target.StartsWith("/api/v1/forms/", StringComparison.Ordinal) ? (204, "")
        : request.Target == "/api/v1/accounts/region" ? (200, """{"url":"track.customer.io","data_center":"us","environment_id":1}""")
        : (200, "{}");
}
