using System.Runtime.CompilerServices;
using CioOrleans.Customers;
using CioOrleans.Imports;
using CioOrleans.Workspaces;

namespace CioOrleans.Addressing;

/// <summary>Gets references to grains by their domain names. Sends nothing.</summary>
/// <remarks>
/// Each time Orleans is asked for a grain by its interface alone, it reads the interface's attributes by reflection. That took a twentieth of the processor's
/// time under load, for calls and deliveries alike. This class asks once for each factory and interface.
/// </remarks>
public static class GrainLookup
{
    private const int Turns = 16;

    /// <summary>The grain of a customer.</summary>
    public static ICustomerGrain GetCustomer(this IGrainFactory grains, GrainKeys keys, CustomerAddress customer)
    {
        var known = keys.Known;
        if (known.Find(grains, customer) is { } before)
        {
            return before;
        }

        var grain = Kinds<ICustomerGrain>.Get(grains, keys.Of(customer));
        if (grain is GrainReference)
        {
            known.Add(grains, customer, grain);
        }

        return grain;
    }

    /// <summary>The owner of a workspace.</summary>
    public static IWorkspaceGrain GetWorkspace(this IGrainFactory grains, string workspace) => Kinds<IWorkspaceGrain>.Get(grains, workspace);

    /// <summary>The grain of an import.</summary>
    public static IImportGrain GetImport(this IGrainFactory grains, GrainKeys keys, ImportAddress import) => Kinds<IImportGrain>.Get(grains, keys.Of(import));

    /// <summary>
    /// A grain that any silo can serve, for a question to the silos. Orleans sends all calls to one key through one silo, which may hang, so each question uses the
    /// next of a few keys.
    /// </summary>
    /// <param name="grains">Makes the references.</param>
    /// <param name="turn">The number of questions so far, which this call counts.</param>
    public static TGrain GetInTurn<TGrain>(this IGrainFactory grains, ref int turn)
        where TGrain : IGrainWithIntegerKey => grains.GetGrain<TGrain>(turn++ % Turns);

    private static class Kinds<TGrain>
        where TGrain : class, IGrainWithStringKey
    {
        private static readonly ConditionalWeakTable<IGrainFactory, Kind> _known = [];

        public static TGrain Get(IGrainFactory grains, string key)
        {
            if (_known.TryGetValue(grains, out var kind))
            {
                return (TGrain)grains.GetGrain(GrainId.Create(kind.Grain, key), kind.Interface);
            }

            var grain = grains.GetGrain<TGrain>(key);
            if (grain is GrainReference reference)
            {
                _known.AddOrUpdate(grains, new Kind(reference.GrainId.Type, reference.InterfaceType));
            }

            return grain;
        }
    }

    private sealed record Kind(GrainType Grain, GrainInterfaceType Interface);
}
