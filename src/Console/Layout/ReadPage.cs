using CioOrleans.Client.Operating;
using Microsoft.AspNetCore.Components;

namespace CioOrleans.Console.Layout;

/// <summary>A page that asks the grains for what it shows: with each new address and, where it is live, every two seconds.</summary>
public abstract class ReadPage : ConsolePage
{
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(2);

    private ITimer? _timer;
    private bool _isReading;

    /// <summary>Why the last reading failed; null if it did not.</summary>
    protected string? Problem { get; private set; }

    /// <summary>The grains.</summary>
    [Inject]
    protected IGrainFactory Grains { get; set; } = null!;

    /// <summary>Whether the page is read again and again.</summary>
    protected virtual bool IsLive => false;

    /// <summary>Reads what the page shows.</summary>
    protected abstract Task ReadAsync();

    /// <summary>Reads again, and says what is wrong if that fails.</summary>
    protected async Task RefreshAsync()
    {
        if (_isReading)
        {
            return;
        }

        _isReading = true;
        try
        {
            await ReadAsync();
            Problem = null;
        }
        catch (ArgumentException)
        {
            Problem = "No silo of this version has started yet, and earlier versions do not tell this.";
        }
        catch (Exception exception) when (GrainFailures.IsOfGrain(exception) || exception is IOException)
        {
            Problem = "The silos do not answer at the moment.";
        }
        finally
        {
            _isReading = false;
        }
    }

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync() => RefreshAsync();

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender && IsLive)
        {
            _timer = Time.CreateTimer(
                _ => InvokeAsync(async () =>
                {
                    await RefreshAsync();
                    StateHasChanged();
                }),
                null,
                _every,
                _every);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _timer?.Dispose();
}
