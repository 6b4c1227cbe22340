-- What a thief of a dump must not read is stored encrypted, by whatever way it comes in. NOT VALID: rows from before
-- this migration are encrypted by `npm run encryption:rotate -w @subgraphs/accounts`.
ALTER TABLE address
  ADD CONSTRAINT address_line1_encrypted CHECK (line1 LIKE 'enc.v1.%') NOT VALID,
  ADD CONSTRAINT address_line2_encrypted CHECK (line2 LIKE 'enc.v1.%') NOT VALID,
  ADD CONSTRAINT address_phone_encrypted CHECK (phone LIKE 'enc.v1.%') NOT VALID;

ALTER TABLE mfa_factor
  ADD CONSTRAINT mfa_factor_secret_encrypted CHECK (secret LIKE 'enc.v1.%') NOT VALID;
