using CioOrleans.Silo.Configuration;
using CioOrleans.Silo.Storage;
using Orleans.Serialization;

namespace CioOrleans.Silo.Hosting;

/// <summary>Adds the dispatcher to a silo of another service.</summary>
public static class CioDispatcherSilo
{
    /// <summary>
    /// Adds the dispatcher's grains, their storage and their background services. The service keeps its own clustering, grain storage and logging. Wrong
    /// settings stop the start of the host with a <see cref="DispatcherSettingsException"/>.
    /// </summary>
    /// <param name="silo">The service's silo.</param>
    /// <param name="section">The settings, as docs/configuration.md lists them; <c>Cluster</c> and what concerns the dispatcher's own listeners have no
    /// meaning here.</param>
    /// <param name="configure">What the service decides in code (default: nothing).</param>
    public static ISiloBuilder AddCioDispatcher(this ISiloBuilder silo, IConfigurationSection section, Action<CioDispatcherOptions>? configure = null)
    {
        var options = new CioDispatcherOptions();
        configure?.Invoke(options);
        var settings = SectionSettings.Read(section, options.Settings);
        silo.Services.AddSettings(settings);
        switch (settings)
        {
            case SettingsResult.Valid valid:
                silo.Services.AddDispatcherBase(valid.Settings);
                silo.Services.AddStorage(valid.Settings);
                silo.Services.AddSingleton<StorageService>();
                silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, StorageInSilo>();
                silo.AddDispatcherGrains(valid.Settings);
                silo.Configure<ExceptionSerializationOptions>(Clustering.Carry);
                break;

            case SettingsResult.Invalid invalid:
                silo.Services.AddSingleton<IConfigurationValidator>(new WrongSettings(invalid.Errors));
                break;
        }

        return silo;
    }

    /// <summary>Orleans asks validators before it starts anything of a silo.</summary>
    private sealed class WrongSettings(IReadOnlyList<string> errors) : IConfigurationValidator
    {
        public void ValidateConfiguration() => throw new DispatcherSettingsException(errors);
    }

    /// <summary>Opens the storage before anything else of the silo starts, and closes it last.</summary>
    private sealed class StorageInSilo(StorageService storage) : ILifecycleParticipant<ISiloLifecycle>
    {
        public void Participate(ISiloLifecycle lifecycle) =>
            lifecycle.Subscribe(nameof(StorageInSilo), ServiceLifecycleStage.First, storage.StartAsync, storage.StopAsync);
    }
}
