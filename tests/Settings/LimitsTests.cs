using CioOrleans.Configuration;
using CioOrleans.Grains.RateLimiting;
using CioOrleans.Limits;

namespace CioOrleans.Settings.Tests;

public sealed class LimitsTests
{
    private const string Expected =
        "permits/window such as '100/1s' or '1000/1s, 3000/3s' (permits 1 to 100000, windows 10ms to 1h, each window once), or another class whose bucket it shares: ";

    [Fact]
    public void The_default_gives_every_class_a_bucket_of_its_own() => Assert.Equal(
        [
            "identify: 100/1s", "track: 100/1s", "page: 100/1s", "batch: 100/1s", "transactional-email: 100/1s",
            "transactional-push: 100/1s", "query: 10/1s", "broadcast: 1/10s", "pipelines: 3000/3s",
        ],
        Groups(Reading.Workspace()));

    [Fact]
    public void The_published_profile_holds_what_Customer_io_publishes() => Assert.Equal(
        [
            "identify track page batch: 1000/1s, 3000/3s", "transactional-email transactional-push: 100/1s",
            "query: 10/1s", "broadcast: 1/10s", "pipelines: 3000/3s",
        ],
        Groups(Reading.Workspace(("LimitProfile", "Published"))));

    [Fact]
    public void A_single_limit_departs_from_the_profile() => Assert.Equal(
        [
            "identify page batch: 500/1s", "track: 50/500ms", "transactional-email transactional-push: 100/1s",
            "query: 10/1s", "broadcast: 1/10s", "pipelines: 3000/3s",
        ],
        Groups(Reading.Workspace(("LimitProfile", "Published"), ("Limits:identify", "500/1s"), ("Limits:track", "50/500ms"))));

    [Fact]
    public void A_class_shares_a_bucket_through_a_chain() => Assert.Equal(
        ["identify track page: 7/2s", "batch: 100/1s"],
        Groups(Reading.Workspace(("Limits:identify", "Track"), ("Limits:track", " page "), ("Limits:page", "7/2s"))).Take(2));

    [Fact]
    public void A_circle_is_refused_once_and_shown() => Assert.Equal(
        ["Dispatcher:Workspaces:acme:Limits:identify = 'track': expected a class with limits of its own at the end, but identify → track → page → identify is a circle."],
        Reading.WorkspaceErrors(("Limits:identify", "track"), ("Limits:track", "page"), ("Limits:page", "identify"), ("Limits:batch", "page")));

    [Fact]
    public void A_circle_with_the_profile_is_blamed_on_the_setting() => Assert.Equal(
        ["Dispatcher:Workspaces:acme:Limits:identify = 'page': expected a class with limits of its own at the end, but identify → page → identify is a circle."],
        Reading.WorkspaceErrors(("LimitProfile", "Published"), ("Limits:identify", "page")));

    [Fact]
    public void A_class_cannot_share_its_own_bucket() => Assert.Equal(
        ["Dispatcher:Workspaces:acme:Limits:query = 'query': expected a class with limits of its own at the end, but query → query is a circle."],
        Reading.WorkspaceErrors(("Limits:query", "query")));

    [Fact]
    public void A_wrong_limit_is_reported_once_however_many_share_it() => Assert.Equal(
        [$"Dispatcher:Workspaces:acme:Limits:identify = '100/1x': expected {Expected}track, page, batch, transactional-email, transactional-push, query, broadcast, pipelines."],
        Reading.WorkspaceErrors(("LimitProfile", "Published"), ("Limits:identify", "100/1x")));

    [Fact]
    public void An_unknown_class_is_refused_with_what_was_meant() => Assert.Equal(
        [
            "Dispatcher:Workspaces:acme:Limits:events is not a setting: expected one of identify, track, page, batch, transactional-email, transactional-push, query, broadcast, pipelines.",
            "Dispatcher:Workspaces:acme:Limits:identfy is not a setting: did you mean 'identify'?",
        ],
        Reading.WorkspaceErrors(("Limits:identfy", "100/1s"), ("Limits:events", "100/1s")));

    [Fact]
    public void A_limit_that_is_a_section_is_refused() => Assert.Equal(
        [$"Dispatcher:Workspaces:acme:Limits:batch is a section: expected {Expected}identify, track, page, transactional-email, transactional-push, query, broadcast, pipelines."],
        Reading.WorkspaceErrors(("Limits:batch:permits", "100")));

    private static IEnumerable<string> Groups(WorkspaceSettings workspace) =>
        workspace.LimitGroups.Select(group => $"{string.Join(' ', group.Classes.Select(limitClass => limitClass.ToName()))}: {RateLimitParser.Format(group.Limits)}");
}
