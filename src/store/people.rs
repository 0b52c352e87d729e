//! People and machines, and the tenants they belong to.

use entities::{membership, token, user};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::{Store, fault, identity::Refusal};
use crate::domain::{KvError, Role, TenantId, Timestamp};

/// A user's place in a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The membership's id.
    pub id: Uuid,
    /// Who.
    pub user_id: Uuid,
    /// Where.
    pub tenant_id: TenantId,
    /// As what.
    pub role: Role,
}

/// Someone who holds tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The user's id.
    pub id: Uuid,
    /// Unique name.
    pub username: String,
    /// Whether it is a machine.
    pub service: bool,
    /// When it was made.
    pub created: Timestamp,
}

fn user_of(row: user::Model) -> User {
    User { id: row.id, username: row.username, service: row.service, created: Timestamp::from_micros(row.created) }
}

fn member_of(row: &membership::Model) -> Result<Member, KvError> {
    let role = row.role.parse().map_err(|_| KvError::internal(format!("membership {}: role is broken", row.id)))?;
    Ok(Member { id: row.id, user_id: row.user_id, tenant_id: TenantId(row.tenant_id), role })
}

impl Store {
    /// Adds a user.
    ///
    /// # Errors
    /// [`KvError::AlreadyExists`] where the name is taken.
    pub async fn add_user(&self, user: &User, member: &Member) -> Result<(), KvError> {
        self.change_identity(move |txn| async move {
            let txn = &*txn;
            match user::Entity::insert(user_row(user)).exec_without_returning(txn).await {
                Err(error) if fault::is_duplicate(&error) => {
                    return Err(KvError::AlreadyExists { what: "user" }.into());
                }
                done => done?,
            };
            membership::Entity::insert(member_row(member, user.created)).exec_without_returning(txn).await?;
            Ok(())
        })
        .await
    }

    /// The user called `user.username`, made where there is none yet.
    ///
    /// # Errors
    /// [`KvError::Unavailable`] and [`KvError::Internal`].
    pub async fn ensure_user(&self, user: &User) -> Result<Uuid, KvError> {
        let keep = OnConflict::column(user::Column::Username).do_nothing().to_owned();
        user::Entity::insert(user_row(user))
            .on_conflict(keep)
            .exec_without_returning(&self.db)
            .await
            .map_err(fault::classify)?;
        self.user_by_name(&user.username).await?.map(|user| user.id).ok_or(KvError::NoSuchId { what: "user" })
    }

    /// Gives `member` its place; in a place that is there already, the greater role counts.
    ///
    /// # Errors
    /// As [`Self::ensure_user`].
    pub async fn ensure_member(&self, member: &Member, now: Timestamp) -> Result<(), KvError> {
        self.change_identity(move |txn| async move {
            let txn = &*txn;
            let Some(held) = place(txn, member.user_id, member.tenant_id).await? else {
                membership::Entity::insert(member_row(member, now)).exec_without_returning(txn).await?;
                return Ok(());
            };
            if held.role < member.role {
                set_role(txn, held.id, member.role).await?;
            }
            Ok(())
        })
        .await
    }

    /// Gives `member` its place.
    ///
    /// # Errors
    /// [`KvError::AlreadyExists`] where the user has one, [`KvError::NoSuchId`] where there is no such user.
    pub async fn add_member(&self, member: &Member, now: Timestamp) -> Result<(), KvError> {
        self.change_identity(move |txn| async move {
            let txn = &*txn;
            if user::Entity::find_by_id(member.user_id).one(txn).await?.is_none() {
                return Err(KvError::NoSuchId { what: "user" }.into());
            }
            match place(txn, member.user_id, member.tenant_id).await? {
                // The same again is an answer that got lost.
                Some(held) if held == *member => Ok(()),
                Some(_) => Err(KvError::AlreadyExists { what: "membership" }.into()),
                None => {
                    membership::Entity::insert(member_row(member, now)).exec_without_returning(txn).await?;
                    Ok(())
                }
            }
        })
        .await
    }

    /// Turns the membership `id` of a tenant into what `decide` says of it and of the number of the
    /// tenant's administrators: another role, or none, and then the user's tokens for the tenant end too.
    /// Gives whether there was such a membership.
    ///
    /// # Errors
    /// What `decide` refuses with; as [`Self::ensure_user`].
    pub async fn turn_member(
        &self,
        tenant_id: TenantId,
        id: Uuid,
        now: Timestamp,
        decide: impl Fn(&Member, usize) -> Result<Option<Role>, KvError> + Send + Sync,
    ) -> Result<bool, KvError> {
        let decide = &decide;
        self.change_identity(move |txn| async move {
            let txn = &*txn;
            let rows = membership::Entity::find().filter(membership::COLUMN.tenant_id.eq(tenant_id.0)).all(txn).await?;
            let members = rows.iter().map(member_of).collect::<Result<Vec<_>, _>>()?;
            let Some(member) = members.iter().find(|member| member.id == id) else { return Ok(false) };
            let administrators = members.iter().filter(|member| member.role == Role::Admin).count();
            if let Some(role) = decide(member, administrators)? {
                set_role(txn, id, role).await?;
            } else {
                membership::Entity::delete_by_id(id).exec(txn).await?;
                end_tokens(txn, member, now).await?;
            }
            Ok(true)
        })
        .await
    }

    /// The memberships of a user, oldest first.
    ///
    /// # Errors
    /// As [`Self::ensure_user`].
    pub async fn memberships(&self, user_id: Uuid) -> Result<Vec<Member>, KvError> {
        self.members(membership::COLUMN.user_id.eq(user_id)).await
    }

    /// The memberships of a tenant, oldest first.
    ///
    /// # Errors
    /// As [`Self::ensure_user`].
    pub async fn members_of(&self, tenant_id: TenantId) -> Result<Vec<Member>, KvError> {
        self.members(membership::COLUMN.tenant_id.eq(tenant_id.0)).await
    }

    async fn members(&self, of: impl sea_orm::sea_query::IntoCondition) -> Result<Vec<Member>, KvError> {
        let rows = membership::Entity::find()
            .filter(of)
            .order_by_asc(membership::COLUMN.created)
            .order_by_asc(membership::COLUMN.id)
            .all(&self.db)
            .await
            .map_err(fault::classify)?;
        rows.iter().map(member_of).collect()
    }

    /// The users with these ids, by name.
    ///
    /// # Errors
    /// As [`Self::ensure_user`].
    pub async fn users(&self, ids: &[Uuid]) -> Result<Vec<User>, KvError> {
        let rows = user::Entity::find()
            .filter(user::COLUMN.id.is_in(ids.iter().copied()))
            .order_by_asc(user::COLUMN.username)
            .all(&self.db)
            .await
            .map_err(fault::classify)?;
        Ok(rows.into_iter().map(user_of).collect())
    }

    /// The user called `username`.
    ///
    /// # Errors
    /// As [`Self::ensure_user`].
    pub async fn user_by_name(&self, username: &str) -> Result<Option<User>, KvError> {
        let row = user::Entity::find()
            .filter(user::COLUMN.username.eq(username))
            .one(&self.db)
            .await
            .map_err(fault::classify)?;
        Ok(row.map(user_of))
    }
}

pub(super) fn user_row(user: &User) -> user::ActiveModel {
    user::ActiveModel {
        id: Set(user.id),
        username: Set(user.username.clone()),
        created: Set(user.created.micros()),
        service: Set(user.service),
    }
}

pub(super) fn member_row(member: &Member, now: Timestamp) -> membership::ActiveModel {
    membership::ActiveModel {
        id: Set(member.id),
        user_id: Set(member.user_id),
        tenant_id: Set(member.tenant_id.0),
        role: Set(member.role.name().to_owned()),
        created: Set(now.micros()),
    }
}

async fn place(txn: &impl ConnectionTrait, user_id: Uuid, tenant_id: TenantId) -> Result<Option<Member>, Refusal> {
    let row = membership::Entity::find()
        .filter(membership::COLUMN.user_id.eq(user_id))
        .filter(membership::COLUMN.tenant_id.eq(tenant_id.0))
        .one(txn)
        .await?;
    Ok(row.as_ref().map(member_of).transpose()?)
}

async fn set_role(txn: &impl ConnectionTrait, id: Uuid, role: Role) -> Result<(), DbErr> {
    membership::Entity::update_many()
        .col_expr(membership::Column::Role, Expr::value(role.name()))
        .filter(membership::COLUMN.id.eq(id))
        .exec(txn)
        .await?;
    Ok(())
}

/// Ends the tokens that a user held for the tenant it leaves.
async fn end_tokens(txn: &impl ConnectionTrait, member: &Member, now: Timestamp) -> Result<(), DbErr> {
    let theirs = Condition::all()
        .add(token::COLUMN.user_id.eq(member.user_id))
        .add(token::Column::TenantId.eq(member.tenant_id.0))
        .add(token::COLUMN.revoked_at.is_null());
    token::Entity::update_many()
        .col_expr(token::Column::RevokedAt, Expr::value(now.micros()))
        .filter(theirs)
        .exec(txn)
        .await?;
    Ok(())
}
