using System.Text;
using CioOrleans.Silo.Configuration;

namespace CioOrleans.Api.Demo;

/// <summary>The text that the process prints when no workspace is configured.</summary>
internal static class DemoGuide
{
    public static string Write(string gateway, Uri admin, DispatcherSettings settings)
    {
        var url = gateway.TrimEnd('/');
        var sandbox = settings.Sandbox.Url.GetLeftPart(UriPartial.Authority);
        return new StringBuilder()
            .AppendLine()
            .AppendLine("No workspace is configured, so this is a demo: the workspace 'demo' delivers to a simulated Customer.io.")
            .AppendLine()
            .AppendLine($"  Dispatcher   {url}")
            .AppendLine($"  Node SDK     new TrackClient('{DemoWorkspace.SiteId}', '{DemoWorkspace.ApiKey}', {{ url: '{url}/api/v1' }})")
            .AppendLine($"               new APIClient('{DemoWorkspace.AppApiKey}', {{ url: '{url}/v1' }}), new PipelinesClient('{DemoWorkspace.PipelinesWriteKey}', {{ url: '{url}/v1' }})")
            .AppendLine($"  Report       {sandbox}/sandbox     (what arrived: rate, order, duplicates)")
            .AppendLine(settings.Admin.Console ? $"  Console      {admin.GetLeftPart(UriPartial.Authority)}/console     (what waits, why, and what arrives)" : "  Console      off (Dispatcher:Admin:Console)")
            .AppendLine($"  Admin        {admin.GetLeftPart(UriPartial.Authority)}/admin/workspaces/{DemoWorkspace.Name}")
            .AppendLine()
            .AppendLine("Try it:")
            .AppendLine()
            .AppendLine($"  curl -u {DemoWorkspace.SiteId}:{DemoWorkspace.ApiKey} -X PUT -H 'Content-Type: application/json' -d '{{\"plan\":\"pro\"}}' {url}/api/v1/customers/42")
            .AppendLine()
            .AppendLine("To serve a real workspace, set Dispatcher__Workspaces__<name>__SiteId and __ApiKey, or write them into appsettings.json.")
            .ToString();
    }
}
