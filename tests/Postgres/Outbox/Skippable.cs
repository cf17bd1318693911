using Xunit.Sdk;

// In the contract's own namespace these come before xunit's: where there is no server, the contract is skipped and not failed.
namespace CioOrleans.Outbox.Tests.Contract;

[XunitTestCaseDiscoverer("Xunit.Sdk.SkippableFactDiscoverer", "Xunit.SkippableFact")]
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactAttribute : SkippableFactAttribute;

[XunitTestCaseDiscoverer("Xunit.Sdk.SkippableTheoryDiscoverer", "Xunit.SkippableFact")]
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TheoryAttribute : SkippableTheoryAttribute;
