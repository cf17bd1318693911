using CioOrleans.Console;
using CioOrleans.Console.Access;
using CioOrleans.Silo.Admin;
using CioOrleans.Silo.Configuration;
using Orleans.Dashboard;

namespace CioOrleans.Api.Admin;

/// <summary>Serves the console on the admin listener, for the holders of the same keys.</summary>
public static class AdminConsole
{
    public static IServiceCollection AddAdminConsole(this IServiceCollection services, DispatcherSettings settings) => settings.Admin.Console
        ? services
            .AddSingleton<IConsoleAccess, KeyHolders>()
            .AddSingleton<IConsoleSettings>(provider => new Settings(provider.GetRequiredService<IConfiguration>()))
            .AddConsole(new ConsoleOptions([.. settings.Workspaces.Keys.Order(StringComparer.Ordinal)])
            {
                MaskPersonData = settings.Admin.MaskPersonData,
                MapOrleansDashboard = settings.Admin.OrleansDashboard ? (routes, path) => routes.MapOrleansDashboard(path) : null,
            })
            .AddSingleton(new AdminBranch(ConsoleServices.Path, branch => branch.UseConsole()))
        : services;

    private sealed class Settings(IConfiguration configuration) : IConsoleSettings
    {
        public IReadOnlyList<ConsoleSetting> All { get; } =
            [.. EffectiveSettings.Read(configuration).Select(setting => new ConsoleSetting(setting.Key, setting.Value, setting.IsSecret, setting.Source, setting.Meaning))];
    }

    private sealed class KeyHolders(AdminAccess access) : IConsoleAccess
    {
        public bool NeedsKey => access.NeedsKey;

        public ConsoleCaller? Find(string key) => access.FindKey(key) is { } found ? new ConsoleCaller(found.Name, found.Role == AdminRole.Operate) : null;

        public bool IsValid(ConsoleCaller caller) => access.IsValid(caller.Name, caller.MayOperate ? AdminRole.Operate : AdminRole.Read);

        public ConsoleCaller? FindLocal(HttpContext http) => AdminAccess.IsFromThisMachine(http) ? new ConsoleCaller(AdminCaller.ThisMachine, MayOperate: true) : null;
    }
}
