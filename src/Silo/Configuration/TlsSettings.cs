namespace CioOrleans.Silo.Configuration;

/// <summary>The PEM files with which the processes of a cluster authenticate each other. They are read again for each new connection.</summary>
/// <param name="Certificate">Path of this process's certificate, followed by the intermediate certificates.</param>
/// <param name="Key">Path of the certificate's private key, not encrypted.</param>
/// <param name="Authority">Path of the root certificates that sign the certificates of all processes.</param>
public sealed record TlsSettings(string Certificate, string Key, string Authority);
