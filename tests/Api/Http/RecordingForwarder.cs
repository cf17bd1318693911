using CioOrleans.Api.Forwarding;
using CioOrleans.Configuration;
using CioOrleans.Limits;
using Microsoft.AspNetCore.Http;

namespace CioOrleans.Api.Tests.Http;

/// <summary>A substitute for Customer.io: records what it was asked to forward.</summary>
public sealed class RecordingForwarder : IRequestForwarder
{
    public Task ForwardAsync(HttpContext context, WorkspaceSettings workspace, string target, LimitClass limitClass) =>
        context.Response.WriteAsync($"{context.Request.Method} {context.Request.Path} for {workspace.Name} as {limitClass}");
}
