<?php
// make-key.php FOLDER: a key and a certificate for a day.
$key = openssl_pkey_new(['private_key_bits' => 2048]);
$request = openssl_csr_new(['commonName' => 'idp.example'], $key);
openssl_x509_export_to_file(openssl_csr_sign($request, null, $key, 1), "$argv[1]/idp.crt");
openssl_pkey_export_to_file($key, "$argv[1]/idp.pem");
