using CioOrleans.Importing;

namespace CioOrleans.Api.Bulk;

/// <summary>The calls under <c>/bulk</c>.</summary>
public static class BulkExtensions
{
    /// <summary>Beside the Track API, whose credentials it takes.</summary>
    public static IServiceCollection AddBulk(this IServiceCollection services) => services.AddImports().AddSingleton<BulkIdentify>();

    public static void MapBulk(this IEndpointRouteBuilder endpoints)
    {
        var identify = endpoints.ServiceProvider.GetRequiredService<BulkIdentify>();
        endpoints.MapPost("/bulk/identify", identify.ServeAsync);
    }
}
