using CioOrleans.Client.Imports;

namespace CioOrleans.Api.Bulk;

/// <summary>Registers and maps the requests under <c>/bulk</c>.</summary>
public static class BulkExtensions
{
    /// <summary>Registers the bulk endpoint. It needs the services of the Track API and accepts its credentials.</summary>
    public static IServiceCollection AddBulk(this IServiceCollection services) => services.AddImports().AddSingleton<BulkIdentify>();

    public static void MapBulk(this IEndpointRouteBuilder endpoints)
    {
        var identify = endpoints.ServiceProvider.GetRequiredService<BulkIdentify>();
        endpoints.MapPost("/bulk/identify", identify.ServeAsync);
    }
}
