namespace CioOrleans.Silo.Hosting;

internal sealed partial class PeerTls
{
    [LoggerMessage(LogLevel.Information, "Connections between processes use the certificate {Subject}, valid until {NotAfter:u}.")]
    private static partial void LogInUse(ILogger logger, string subject, DateTime notAfter);

    [LoggerMessage(LogLevel.Warning, "Dispatcher:Cluster:Tls:{Name} = '{Path}': expected {Expected}. The files as they were before stay in use.")]
    private static partial void LogWrongFile(ILogger logger, string name, string path, string expected);
}
