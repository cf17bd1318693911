using CioOrleans.Configuration;
using CioOrleans.Grains.Configuration;
using CioOrleans.Grains.Outbox;
using CioOrleans.Refusing;

namespace CioOrleans.Grains.Refusing;

/// <inheritdoc cref="IRefusedCallGrain"/>
internal sealed class RefusedCallGrain : Grain, IRefusedCallGrain
{
    private const int MaxPage = 1_000;

    private readonly string _workspace;
    private readonly IRefusedCallStore _store;
    private readonly RefusedCallShelf _shelf;

    public RefusedCallGrain(WorkspaceCatalog workspaces, IRefusedCallStore store, RefusedCallSettings settings, TimeProvider time)
    {
        _workspace = workspaces.Get(this.GetPrimaryKeyString()).Name;
        _store = store;
        _shelf = new RefusedCallShelf(store, _workspace, settings, time);
    }

    public async ValueTask<string?> Keep(IReadOnlyList<RefusedCall> calls) => await _shelf.KeepAsync(calls);

    public ValueTask<IReadOnlyList<RefusedCall>> Read(Ulid? before, int limit) => _store.ReadRefusedAsync(_workspace, before, Math.Clamp(limit, 1, MaxPage));

    public ValueTask<RefusedCall?> Find(Ulid id) => _store.FindRefusedAsync(_workspace, id);

    public async ValueTask<bool> Delete(Ulid id) => await _shelf.DeleteAsync(id);

    public async ValueTask<ErasedCalls> Erase(string? person, bool isPreview) => await _shelf.EraseAsync(person, isPreview);

    public async ValueTask Tidy() => await _shelf.TidyAsync();
}
