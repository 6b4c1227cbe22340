import { toPayload } from '@app/subgraph';
import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql';
import type { AccountsContext } from '../context.ts';
import { changeAddress, createAddress, removeAddress } from '../service/address-book.ts';
import { requestDataExport } from '../service/data-export.ts';
import { cancelErasure, requestErasure } from '../service/erasure.ts';
import { updateProfile } from '../service/update-profile.ts';
import { AddressInput, ProfileUpdateInput } from './account.input.ts';
import { Account } from './account.type.ts';
import { Address } from './address.type.ts';
import { DataExport } from './data-export.type.ts';
import { AccountPayload, AckPayload, AddressPayload, DataExportPayload } from './payloads.type.ts';

/** What somebody says about themselves, and their right to take it back. */
@Resolver()
export class ProfileResolver {
  @Directive('@authenticated')
  @Mutation(() => AccountPayload, { description: 'Changes your profile. What is left out stays.' })
  profileUpdate(
    @Ctx() { app, caller }: AccountsContext,
    @Arg('input', () => ProfileUpdateInput, { description: 'What to change.' }) input: ProfileUpdateInput,
  ): Promise<AccountPayload> {
    return toPayload(async () => ({ account: Account.of((await updateProfile(app, caller, input)).account) }), { account: null });
  }

  @Directive('@authenticated')
  @Mutation(() => AddressPayload, { description: 'Adds an address to your book; at most 20. The first becomes default.' })
  addressCreate(
    @Ctx() { app, caller }: AccountsContext,
    @Arg('input', () => AddressInput, { description: 'The address.' }) input: AddressInput,
  ): Promise<AddressPayload> {
    return toPayload(async () => ({ address: Address.of((await createAddress(app, caller, input)).address) }), { address: null });
  }

  @Directive('@authenticated')
  @Mutation(() => AddressPayload, { description: 'Replaces an address of your book. Default marks that are left out stay.' })
  addressUpdate(
    @Ctx() { app, caller }: AccountsContext,
    @Arg('id', () => ID, { description: 'Which.' }) id: string,
    @Arg('input', () => AddressInput, { description: 'The address as it shall be.' }) input: AddressInput,
  ): Promise<AddressPayload> {
    return toPayload(async () => ({ address: Address.of((await changeAddress(app, caller, id, input)).address) }), { address: null });
  }

  @Directive('@authenticated')
  @Mutation(() => AckPayload, { description: 'Deletes an address of your book. Orders keep their copies.' })
  addressDelete(@Ctx() { app, caller }: AccountsContext, @Arg('id', () => ID, { description: 'Which.' }) id: string): Promise<AckPayload> {
    return toPayload(() => removeAddress(app, caller, id), { ok: false });
  }

  @Directive('@authenticated')
  @Mutation(() => DataExportPayload, { description: 'Collects the personal data that the accounts service holds about you; once an hour.' })
  dataExportRequest(@Ctx() { app, caller }: AccountsContext): Promise<DataExportPayload> {
    return toPayload(async () => ({ export: DataExport.of((await requestDataExport(app, caller)).export, true) }), { export: null });
  }

  @Directive('@authenticated')
  @Mutation(() => AccountPayload, { description: 'Asks for erasure of your account. You have 14 days to cancel.' })
  accountErasureRequest(
    @Ctx() { app, caller }: AccountsContext,
    @Arg('password', () => String, { nullable: true, description: 'Your password; may be left out when you have none.' }) password?:
      | string
      | null,
  ): Promise<AccountPayload> {
    return toPayload(async () => ({ account: Account.of((await requestErasure(app, caller, password ?? null)).account) }), {
      account: null,
    });
  }

  @Directive('@authenticated')
  @Mutation(() => AccountPayload, { description: 'Takes the wish for erasure back.' })
  accountErasureCancel(@Ctx() { app, caller }: AccountsContext): Promise<AccountPayload> {
    return toPayload(async () => ({ account: Account.of((await cancelErasure(app, caller)).account) }), { account: null });
  }
}
