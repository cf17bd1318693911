using System.Text;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Delivery;

public sealed class OutgoingRequestTests
{
    [Theory]
    [InlineData(LimitClass.Identify, "https://track.example", "Basic site:key")]
    [InlineData(LimitClass.Track, "https://track.example", "Basic site:key")]
    [InlineData(LimitClass.Page, "https://track.example", "Basic site:key")]
    [InlineData(LimitClass.Batch, "https://track.example", "Basic site:key")]
    [InlineData(LimitClass.TransactionalEmail, "https://app.example", "Bearer app")]
    [InlineData(LimitClass.TransactionalPush, "https://app.example", "Bearer app")]
    [InlineData(LimitClass.Broadcast, "https://app.example", "Bearer app")]
    [InlineData(LimitClass.Query, "https://app.example", "Bearer app")]
    [InlineData(LimitClass.Pipelines, "https://cdp.example", "Basic write:")]
    public void Each_API_has_its_host_and_its_credentials(LimitClass limitClass, string host, string credentials)
    {
        var workspace = new WorkspaceSettings
        {
            Name = "acme",
            SiteId = "site",
            ApiKey = "key",
            AppApiKey = "app",
            PipelinesWriteKey = "write",
            TrackUrl = new Uri("https://track.example"),
            AppUrl = new Uri("https://app.example"),
            PipelinesUrl = new Uri("https://cdp.example"),
            LimitGroups = [],
        };
        var call = new Call { Id = default, Kind = CallKind.Event, LimitClass = limitClass, Method = "POST", Target = "/x%2F", Headers = [], Body = [], AcceptedAt = default };

        Assert.Null(OutgoingRequest.TryCreate(workspace, call, out var made));
        using var request = made!;

        Assert.Equal($"{host}/x%2F", request.RequestUri!.OriginalString);
        var authorization = request.Headers.Authorization!;
        Assert.Equal(credentials, $"{authorization.Scheme} {(authorization.Scheme == "Basic" ? Encoding.UTF8.GetString(Convert.FromBase64String(authorization.Parameter!)) : authorization.Parameter)}");
    }
}
