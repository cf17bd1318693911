using Microsoft.Extensions.Options;

namespace CioOrleans.Silo.Configuration;

/// <summary>Offers the settings as <see cref="IOptions{TOptions}"/> of <see cref="DispatcherSettings"/>.</summary>
internal static class SettingsOptions
{
    /// <summary>
    /// Registers the settings that were read. They are validated when the host starts, by the reader's own rules and by every
    /// <see cref="IValidateOptions{TOptions}"/> that the service has registered.
    /// </summary>
    public static void AddSettings(this IServiceCollection services, SettingsResult settings)
    {
        services.AddSingleton<IOptionsFactory<DispatcherSettings>>(provider => new Factory(settings, provider.GetServices<IValidateOptions<DispatcherSettings>>()));
        services.AddOptions<DispatcherSettings>().ValidateOnStart();
    }

    private sealed class Factory(SettingsResult result, IEnumerable<IValidateOptions<DispatcherSettings>> rules) : IOptionsFactory<DispatcherSettings>
    {
        public DispatcherSettings Create(string name)
        {
            if (result is not SettingsResult.Valid { Settings: var settings })
            {
                throw new DispatcherSettingsException(((SettingsResult.Invalid)result).Errors);
            }

            string[] errors = [.. rules.Select(rule => rule.Validate(name, settings)).Where(outcome => outcome.Failed).SelectMany(outcome => outcome.Failures ?? [])];
            return errors.Length == 0 ? settings : throw new DispatcherSettingsException(errors);
        }
    }
}
