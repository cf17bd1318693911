using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace CioOrleans.Operating.Tests;

/// <summary>The OpenAPI document of the admin API. Each answer of the other tests is compared with it too (<see cref="Host.SendAsync"/>).</summary>
public sealed class AdminDocumentTests : IAsyncLifetime
{
    private const string Served = "/admin/openapi.json";

    private Host _host = null!;

    public async ValueTask InitializeAsync() => _host = await Host.StartAsync(more:
    [
        ("Dispatcher:Admin:Keys:ann:Key", "ann-key"), ("Dispatcher:Admin:Keys:ann:Role", "Operate"), ("Dispatcher:Admin:Keys:eve:Key", "eve-key"),
    ]);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_file_is_what_is_served()
    {
        var (status, document) = await GetAsync(Served, "eve-key");

        // If they differ: docs/apis.md says how the file is written anew.
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(document, (await File.ReadAllTextAsync(AdminDescription.FilePath)).TrimEnd('\n'));
    }

    [Fact]
    public async Task It_is_served_under_a_key_of_role_read_and_not_without_one()
    {
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(Served, "ann-key")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(Served, "wrong")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(Served, null)).Status);
    }

    [Fact]
    public void Every_route_is_described_with_its_parameters_and_nothing_else_is() =>
        Assert.Equal(
            _host.AdminRoutes.Where(route => route != ("GET", Served)).Order().Select(route => $"{route.Method} {route.Path}"),
            AdminDescription.Operations.OrderBy(described => (described.Method, described.Path)).Select(described => $"{described.Method} {WithParameters(described.Path, described.Operation)}"));

    [Fact]
    public void Every_operation_has_a_name_of_its_own_a_summary_and_answers()
    {
        Assert.Equal(AdminDescription.Operations.Count, AdminDescription.Operations.Select(described => described.Operation.GetProperty("operationId").GetString()).Distinct().Count());
        Assert.All(AdminDescription.Operations, described =>
        {
            Assert.NotEmpty(described.Operation.GetProperty("summary").GetString()!);
            var answers = described.Operation.GetProperty("responses").EnumerateObject().Select(answer => answer.Name).ToList();
            Assert.Equal(answers.Order(), answers);
            Assert.Superset(new HashSet<string>(["200", "400", "401", "403", "503"]), answers.ToHashSet());
            Assert.Equal(described.Path.Contains('{'), answers.Contains("404"));
        });
    }

    [Fact]
    public async Task Each_operation_needs_the_role_that_is_described()
    {
        foreach (var (method, path, operation) in AdminDescription.Operations)
        {
            var role = operation.GetProperty("security")[0].GetProperty("adminKey")[0].GetString();
            var target = path.Replace("{workspace}", "nobody", StringComparison.Ordinal);
            var (anybody, _) = await SendAsync(method, target, null);
            var (reader, said) = await SendAsync(method, target, "eve-key");

            Assert.Equal(HttpStatusCode.Unauthorized, anybody);
            Assert.True(role is "Read" or "Operate", $"{method} {path}");
            Assert.Equal(role == "Operate", reader == HttpStatusCode.Forbidden && said.Contains("needs Operate", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_parameter_of_a_query_that_a_discard_takes_is_described() =>
        Assert.Equal(
            ["after", "all", "class", "dryRun", "host", "import", "kind", "olderThan"],
            AdminDescription.Operations.Single(described => described is ("DELETE", "/admin/workspaces/{workspace}/calls", _))
                .Operation.GetProperty("parameters").EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == "query")
                .Select(parameter => parameter.GetProperty("name").GetString()!).Order());

    /// <summary>The path, built from the path parameters that are described.</summary>
    private static string WithParameters(string path, JsonElement operation)
    {
        var names = operation.TryGetProperty("parameters", out var parameters)
            ? parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == "path" && parameter.GetProperty("required").GetBoolean())
                .Select(parameter => parameter.GetProperty("name").GetString()!).ToHashSet()
            : [];
        return string.Join('/', path.Split('/').Select(segment => segment.StartsWith('{') && !names.Contains(segment.Trim('{', '}')) ? "{undescribed}" : segment));
    }

    private Task<(HttpStatusCode Status, string Body)> GetAsync(string path, string? key) => SendAsync("GET", path, key);

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(string method, string path, string? key)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        using var response = await _host.Http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
