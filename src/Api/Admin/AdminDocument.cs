using System.Text.Json.Serialization;
using CioOrleans.Silo.Admin;
using CioOrleans.Silo.Configuration;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CioOrleans.Api.Admin;

/// <summary>
/// The OpenAPI document of <c>/admin</c>, served there and checked in as docs/admin-openapi.json. It is made from the routes and from the
/// <see cref="AdminOperation"/> of each.
/// </summary>
internal static class AdminDocument
{
    /// <summary>The path of the document below <c>/admin</c>.</summary>
    public const string Path = "/openapi.json";

    private const string KeyScheme = "adminKey";

    private static readonly Dictionary<string, string> _segments = new(StringComparer.Ordinal)
    {
        ["workspace"] = "The name of a configured workspace.",
        ["customer"] = "A customer's ordering key (id:42, email:ann@example.com), or its id alone; percent-encoded.",
        ["id"] = "The id of a call or of a refusal (a ULID). A dead letter has the id of its call.",
        ["import"] = "The id of an import (a ULID).",
        ["class"] = "A limit class, as GET …/workspaces/{workspace} names it.",
        ["silo"] = "The address of an active silo, from GET /admin/cluster.",
    };

    public static IServiceCollection AddAdminDocument(this IServiceCollection services) => services
        .ConfigureHttpJsonOptions(json => json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict)
        .AddOpenApi(options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.ShouldInclude = description => description.ActionDescriptor.EndpointMetadata.OfType<AdminOperation>().Any();
            options.AddSchemaTransformer((schema, context, _) =>
            {
                RequireWhatIsWritten(schema, context);
                return Task.CompletedTask;
            });
            options.AddOperationTransformer(DescribeAsync);
            options.AddDocumentTransformer((document, _, _) =>
            {
                Describe(document);
                return Task.CompletedTask;
            });
        });

    /// <summary>Describes a route for the document.</summary>
    /// <typeparam name="TAnswer">The type of its answer's body.</typeparam>
    /// <param name="route">The route.</param>
    /// <param name="operation">What the routing does not know of it.</param>
    /// <param name="errors">The statuses of its own errors. Those of the gate and of the filters are described for the group.</param>
    public static RouteHandlerBuilder Describe<TAnswer>(this RouteHandlerBuilder route, AdminOperation operation, params ReadOnlySpan<int> errors) =>
        route.WithMetadata(operation).Produces<TAnswer>().DescribeErrors(errors);

    /// <summary>Describes the errors that every route of a group, or one route, may answer.</summary>
    public static TBuilder DescribeErrors<TBuilder>(this TBuilder routes, params ReadOnlySpan<int> statuses)
        where TBuilder : IEndpointConventionBuilder
    {
        foreach (var status in statuses)
        {
            routes.WithMetadata(new ProducesResponseTypeMetadata(status, AdminError.AnswerType, ["application/json"]));
        }

        return routes;
    }

    private static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var described = context.Description.ActionDescriptor.EndpointMetadata.OfType<AdminOperation>().Single();
        var role = AdminRoles.Of(context.Description.HttpMethod!);
        operation.OperationId = described.Name;
        operation.Summary = described.Summary;
        operation.Parameters = [.. Segments(context.Description.RelativePath!), .. described.Query.Select(parameter => parameter.Describe())];
        operation.Security = [new() { [new OpenApiSecuritySchemeReference(KeyScheme, context.Document)] = [$"{role}"] }];
        var responses = operation.Responses ?? [];
        if (role == AdminRole.Operate)
        {
            // The audit trail reads the body of each.
            responses.Add(
                $"{StatusCodes.Status413PayloadTooLarge}",
                new OpenApiResponse { Description = "Payload Too Large", Content = responses[$"{StatusCodes.Status400BadRequest}"].Content });
        }

        operation.Responses = [];
        foreach (var (status, response) in responses.OrderBy(response => response.Key, StringComparer.Ordinal))
        {
            operation.Responses.Add(status, response);
        }

        if (described.Body is { } body)
        {
            var schema = await context.GetOrCreateSchemaAsync(body, cancellationToken: cancellation);
            operation.RequestBody = new OpenApiRequestBody { Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = schema } } };
        }
    }

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "CioOrleans admin API",
            Version = "1",
            Description = "What operators ask of a dispatcher, on its admin listener. The security of each operation names the role that a key needs.",
        };

        // The address differs for each process; a relative one is right for all.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.AddComponent<IOpenApiSecurityScheme>(KeyScheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "A key of Dispatcher:Admin. While no key is configured, callers on the same machine need none.",
        });
    }

    /// <summary>A member that is left out while it is null is not required.</summary>
    private static void RequireWhatIsWritten(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        foreach (var member in context.JsonTypeInfo.Properties)
        {
            if (member.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: false) is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.WhenWritingNull }])
            {
                schema.Required?.Remove(member.Name);
            }
        }
    }

    private static IEnumerable<IOpenApiParameter> Segments(string path) =>
        path.Split('/').Where(segment => segment.StartsWith('{')).Select(segment => segment.Trim('{', '}')).Select(name => new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Path,
            Required = true,
            Description = _segments[name],
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
}

/// <summary>What the admin document says of a route beside its path, its role and its answers.</summary>
/// <param name="Name">The operation's name.</param>
/// <param name="Summary">What it does, in one sentence.</param>
internal sealed record AdminOperation(string Name, string Summary)
{
    /// <summary>The parameters of the query.</summary>
    public IReadOnlyList<AdminParameter> Query { get; init; } = [];

    /// <summary>The type of the body, which may be left out; null if there is none.</summary>
    public Type? Body { get; init; }
}

/// <summary>A parameter of the query, which may be left out.</summary>
internal sealed record AdminParameter(string Name, JsonSchemaType Type, string Description)
{
    public IOpenApiParameter Describe() =>
        new OpenApiParameter { Name = Name, In = ParameterLocation.Query, Description = Description, Schema = new OpenApiSchema { Type = Type } };
}
