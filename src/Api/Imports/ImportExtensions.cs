using CioOrleans.Client.Imports;

namespace CioOrleans.Api.Imports;

/// <summary>Registers and maps the requests under <c>/bulk</c>.</summary>
public static class ImportExtensions
{
    /// <summary>Registers the bulk endpoint. It needs the services of the Track API and accepts its credentials.</summary>
    public static IServiceCollection AddImportApi(this IServiceCollection services) => services.AddImports().AddSingleton<ImportEndpoint>();

    public static void MapImports(this IEndpointRouteBuilder endpoints)
    {
        var identify = endpoints.ServiceProvider.GetRequiredService<ImportEndpoint>();
        endpoints.MapPost("/bulk/identify", identify.ServeAsync);
    }
}
