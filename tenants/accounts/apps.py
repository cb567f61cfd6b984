from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tenants.accounts"
    verbose_name = "Accounts"
    menu_position = 101  # behind the users
