using CioOrleans.Configuration;

namespace CioOrleans.Api.Tests.Http;

public static class TestWorkspaces
{
    public static WorkspaceSettings Named(string name, string siteId, string apiKey, Uri? url = null) => new()
    {
        Name = name,
        SiteId = siteId,
        ApiKey = apiKey,
        TrackUrl = url ?? new Uri("http://127.0.0.1:1"),
        AppUrl = url ?? new Uri("http://127.0.0.1:1"),
        LimitGroups = [],
    };
}
